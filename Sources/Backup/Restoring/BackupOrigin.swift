public import Foundation
import ParleyCore

/// Where a back-up is read from.
public enum BackupOrigin: Sendable {
    case file(URL)
    case standardInput

    func open(_ stop: StopSign) throws -> OpenFile {
        switch self {
        case .file(let url): try OpenFile(reading: url)
        case .standardInput: OpenFile(standard: STDIN_FILENO, stop)
        }
    }
}

/// The bytes of the archive, decrypted when they are encrypted.
struct OpenedBackup {
    let archive: ArchiveReader
    let isEncrypted: Bool
    /// Bytes of the file so far.
    let count: () -> Int

    /// - Throws: `backup.passphrase`, `backup.damaged`.
    init(_ file: OpenFile, passphrase: Secret?) throws {
        let counter = CountingSource(file)
        let source = BufferedSource(counter)
        count = { counter.count }
        isEncrypted = try source.peek(SealedHeader.mark.count).elementsEqual(SealedHeader.mark)
        guard isEncrypted else {
            archive = ArchiveReader(source)
            return
        }
        guard let passphrase else {
            throw ParleyError(.backupLocked, "The back-up is encrypted; name the file with its passphrase by backup.passphrase_file.")
        }
        archive = ArchiveReader(try OpeningSource(source, passphrase: passphrase))
    }
}

/// Counts what is read.
private final class CountingSource: ByteSource {
    private let source: any ByteSource
    private(set) var count = 0

    init(_ source: any ByteSource) { self.source = source }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let read = try source.read(into: buffer)
        count += read
        return read
    }
}
