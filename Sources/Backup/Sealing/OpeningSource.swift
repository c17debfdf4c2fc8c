import Crypto
import Foundation
import ParleyCore

/// Decrypts what `SealingSink` wrote. Not a byte is given of a frame that is not authentic and in its place.
final class OpeningSource: ByteSource {
    private let source: BufferedSource
    private let header: SealedHeader
    private let key: SymmetricKey
    private var number: UInt32 = 0
    private var opened: ArraySlice<UInt8> = []
    private var isOver = false

    /// - Throws: `backup.damaged`.
    init(_ source: BufferedSource, passphrase: Secret) throws {
        self.source = source
        var bytes = [UInt8](repeating: 0, count: SealedHeader.size)
        let count = try bytes.withUnsafeMutableBytes { try source.fill($0) }
        header = try SealedHeader(Array(bytes.prefix(max(0, count))))
        key = try header.key(passphrase)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if opened.isEmpty, !isOver { try open() }
        let part = opened.prefix(buffer.count)
        part.withUnsafeBytes { buffer.copyMemory(from: $0) }
        opened = opened.dropFirst(part.count)
        return part.count
    }

    private func open() throws {
        var frame = [UInt8](repeating: 0, count: SealedFrame.content + SealedFrame.tag)
        let count = try frame.withUnsafeMutableBytes { try source.fill($0) }
        isOver = try source.peek(1).isEmpty
        guard count >= SealedFrame.tag else { throw ParleyError.damaged("its end is missing") }
        let (text, tag) = (frame[..<(count - SealedFrame.tag)], frame[(count - SealedFrame.tag)..<count])
        do {
            let box = try ChaChaPoly.SealedBox(
                nonce: try header.nonce(number, isLast: isOver), ciphertext: Data(text), tag: Data(tag))
            opened = Array(try ChaChaPoly.open(box, using: key))[...]
        } catch {
            if number > 0 { throw ParleyError.damaged("an encrypted part was altered, is missing, or is not in its place") }
            throw ParleyError(.backupLocked, "The passphrase is not that of the back-up, or the beginning of the file is damaged.")
        }
        number = try SealedFrame.next(number)
    }
}
