import CArgon2
import NIOPosix
import ParleyCore

/// Argon2id (RFC 9106) with OWASP's memory-bound parameters: 19 MiB, two passes, one lane. Work is done off the
/// cooperative pool, at most two hashes at a time, so that sign-ins cannot take all memory or all cores.
struct PasswordHasher: Sendable {
    private static let memoryKiB: UInt32 = 19 * 1024
    private static let passes: UInt32 = 2
    private let threads: NIOThreadPool

    init() {
        threads = NIOThreadPool(numberOfThreads: 2)
        threads.start()
    }

    /// A new hash of the password with a fresh salt, in the PHC string format.
    func hash(_ password: String) async throws -> String {
        try await threads.runIfActive {
            var random = SystemRandomNumberGenerator()
            let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            var encoded = [CChar](repeating: 0, count: 128)
            let bytes = Array(password.utf8)
            let status = argon2id_hash_encoded(
                Self.passes, Self.memoryKiB, 1, bytes, bytes.count, salt, salt.count, 32, &encoded, encoded.count)
            guard status == ARGON2_OK.rawValue else {
                throw ParleyError(.internal, "The password could not be stored.", cause: HashFailure(status: status))
            }
            return String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// Whether the password is the one that gave this hash. With no hash (no such account) the same work is done and
    /// the answer is false, so that time tells nothing.
    func verify(_ password: String, against hash: String?) async throws -> Bool {
        try await threads.runIfActive {
            let bytes = Array(password.utf8)
            let matches = argon2id_verify(hash ?? Self.nobody, bytes, bytes.count) == ARGON2_OK.rawValue
            return matches && hash != nil
        }
    }

    /// A hash of no password anyone has, with today's parameters.
    private static let nobody =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    private struct HashFailure: Error { let status: Int32 }
}

/// What a password must be. Length counts; composition rules do not (NIST SP 800-63B).
enum PasswordPolicy {
    static let length = 10...200

    /// Why the password is refused; nil when it is fine.
    static func objection(to password: String, email: String) -> String? {
        if !length.contains(password.count) { return "must have \(length.lowerBound) to \(length.upperBound) characters" }
        if password.lowercased() == email { return "must not be your e-mail address" }
        if Set(password).count < 4 { return "must have at least four different characters" }
        return nil
    }
}
