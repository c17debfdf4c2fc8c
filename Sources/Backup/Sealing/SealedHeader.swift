import CArgon2
import Crypto
import Foundation
import ParleyCore

/// The beginning of an encrypted back-up: a mark, how the key is made of the passphrase (Argon2id, RFC 9106), and how the nonces of its
/// frames begin. Numbers are big-endian.
///
///     16 bytes  "PARLEY-SEALED-1\n"
///      4        memory in KiB
///      4        passes
///     16        salt
///      7        beginning of the nonces
///      1        0
struct SealedHeader {
    static let mark = Array("PARLEY-SEALED-1\n".utf8)
    static let size = 48
    private static let today: (memory: UInt32, passes: UInt32) = (64 << 10, 3)
    /// What a file may ask of whoever opens it.
    private static let allowed: (memory: ClosedRange<UInt32>, passes: ClosedRange<UInt32>) = (8...(1 << 20), 1...20)

    let bytes: [UInt8]
    private let memory: UInt32
    private let passes: UInt32

    /// Of a new file.
    init() {
        var random = SystemRandomNumberGenerator()
        let chance = (0..<23).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        (memory, passes) = Self.today
        bytes = Self.mark + Self.big(memory) + Self.big(passes) + chance + [0]
    }

    /// - Throws: `backup.damaged`.
    init(_ bytes: [UInt8]) throws {
        guard bytes.count == Self.size, bytes.starts(with: Self.mark) else { throw ParleyError.damaged("it ends in its first bytes") }
        (self.bytes, memory, passes) = (bytes, Self.number(bytes[16..<20]), Self.number(bytes[20..<24]))
        guard Self.allowed.memory.contains(memory), Self.allowed.passes.contains(passes) else {
            throw ParleyError.damaged("its first bytes ask for an impossible key")
        }
    }

    /// The key of this file alone: salt, costs and nonces are part of it, so that none of them can be exchanged.
    func key(_ passphrase: Secret) throws -> SymmetricKey {
        let (text, salt) = (Array(passphrase.revealed.utf8), Array(bytes[24..<40]))
        var raw = [UInt8](repeating: 0, count: 32)
        let status = argon2id_hash_raw(passes, memory, 1, text, text.count, salt, salt.count, &raw, raw.count)
        guard status == ARGON2_OK.rawValue else {
            throw ParleyError(.backupFailed, "The key could not be made of the passphrase; \(memory >> 10) MB of memory are needed.")
        }
        return HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: raw), info: Data("parley backup".utf8) + bytes, outputByteCount: 32)
    }

    /// The nonce of a frame (Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance",
    /// the construction STREAM): its place, and whether it is the last one.
    func nonce(_ frame: UInt32, isLast: Bool) throws -> ChaChaPoly.Nonce {
        try ChaChaPoly.Nonce(data: bytes[40..<47] + Self.big(frame) + [isLast ? 1 : 0])
    }

    private static func big(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }  // fits: a byte
}

/// Frames of an encrypted back-up: 64 KiB each and a tag, the last one with what is left.
enum SealedFrame {
    static let content = 1 << 16
    static let tag = 16

    /// The number of the frame after this one. Files end long before numbers do (256 TiB).
    static func next(_ number: UInt32) throws -> UInt32 {
        let (next, isTooMany) = number.addingReportingOverflow(1)
        guard !isTooMany else { throw ParleyError(.backupFailed, "The back-up is too large to be encrypted.") }
        return next
    }
}
