import CArgon2
import NIOPosix
import ParleyCore

/// Argon2id (RFC 9106), one lane, with the memory and passes that the settings name. Work is done off the cooperative pool, at most two
/// hashes at a time, so that sign-ins cannot take all memory or all cores. Passwords are normalised before they are hashed.
struct PasswordHasher: Sendable {
    private let memoryKiB: UInt32
    private let passes: UInt32
    private let threads: NIOThreadPool

    init(_ configuration: PasswordConfiguration = PasswordConfiguration()) {
        memoryKiB = UInt32(clamping: configuration.memory.bytes >> 10)
        passes = UInt32(clamping: configuration.passes)
        threads = NIOThreadPool(numberOfThreads: 2)
        threads.start()
    }

    /// A new hash of the password with a fresh salt, in the PHC string format.
    func hash(_ password: String) async throws -> String {
        try await threads.runIfActive {
            var random = SystemRandomNumberGenerator()
            let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            var encoded = [CChar](repeating: 0, count: 128)
            let bytes = Array(PasswordText.normalized(password).utf8)
            let status = argon2id_hash_encoded(passes, memoryKiB, 1, bytes, bytes.count, salt, salt.count, 32, &encoded, encoded.count)
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
            let forms = PasswordText.forms(password)
            let matches = forms.contains { bytes in argon2id_verify(hash ?? nobody, bytes, bytes.count) == ARGON2_OK.rawValue }
            return matches && hash != nil
        }
    }

    /// Whether the hash was made with another cost than the settings name now.
    func isOutdated(_ hash: String) -> Bool { !hash.hasPrefix(head) }

    private var head: String { "$argon2id$v=19$m=\(memoryKiB),t=\(passes),p=1$" }

    /// A hash of no password anyone has, with today's cost.
    private var nobody: String { head + "c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }

    private struct HashFailure: Error { let status: Int32 }
}
