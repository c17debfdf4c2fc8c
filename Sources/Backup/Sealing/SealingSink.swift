import Crypto
import Foundation
import ParleyCore

/// Encrypts what is written (ChaCha20-Poly1305, RFC 8439) in frames that cannot be left out, exchanged or cut off unnoticed.
final class SealingSink: ByteSink {
    private let sink: any ByteSink
    private let header: SealedHeader
    private let key: SymmetricKey
    private var number: UInt32 = 0
    private var frame: [UInt8] = []

    init(_ sink: any ByteSink, passphrase: Secret) throws {
        (self.sink, header) = (sink, SealedHeader())
        key = try header.key(passphrase)
        frame.reserveCapacity(SealedFrame.content)
        try sink.write(header.bytes)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            // A full frame waits for the next byte, since it may be the last one.
            if frame.count == SealedFrame.content { try seal(isLast: false) }
            let part = rest.prefix(SealedFrame.content - frame.count)  // fits: a full frame was sealed above
            frame.append(contentsOf: part)
            rest = rest.dropFirst(part.count)
        }
    }

    func finish() throws {
        try seal(isLast: true)
        try sink.finish()
    }

    private func seal(isLast: Bool) throws {
        let box = try ChaChaPoly.seal(frame, using: key, nonce: try header.nonce(number, isLast: isLast))
        try box.ciphertext.withUnsafeBytes { try sink.write($0) }
        try box.tag.withUnsafeBytes { try sink.write($0) }
        number = try SealedFrame.next(number)
        frame.removeAll(keepingCapacity: true)
    }
}
