public import Foundation
import ParleyCore

/// Where a back-up goes to.
public enum BackupTarget: Sendable {
    /// A new file, which has its name once it is whole.
    case file(URL)
    case standardOutput
}

extension Backups {
    /// Makes a back-up while others use the installation.
    /// - Parameter isTried: whether it must stand a trial before the file gets its name.
    /// - Throws: `backup.failed`, `backup.occupied`, `backup.passphrase`, `backup.program`, or what `check` throws.
    @discardableResult
    public func make(_ target: BackupTarget, isTried: Bool = false) async throws -> BackupReport {
        let passphrase = try configuration.passphrase()
        guard FileManager.default.fileExists(atPath: installation.files.path) else {
            throw ParleyError(
                .notFound, "There is no installation with files at \(installation.files.path); check data.path and storage.path.")
        }
        guard case .file(let place) = target else {
            let work = try WorkFolder(in: FileManager.default.temporaryDirectory)
            defer { work.remove() }
            return try await write(to: { OpenFile(standard: STDOUT_FILENO, $0) }, work, passphrase)
        }
        guard !FileManager.default.fileExists(atPath: place.path) else {
            throw ParleyError(.backupOccupied, "There is a file \(place.path) already; name another one.")
        }
        let parent = place.deletingLastPathComponent()
        let work = try WorkFolder(in: parent)
        defer { work.remove() }
        let file = work.file("file")
        var report = try await write(to: { _ in try OpenFile(making: file) }, work, passphrase)
        if isTried { report = try await check(.file(file)) }
        try await onWorkerThread { _ in
            try FileSystem.sync(file)
            try FileSystem.rename(file, to: place)
            try FileSystem.sync(parent)
        }
        return report
    }

    private func write(to open: @escaping @Sendable (StopSign) throws -> OpenFile, _ work: WorkFolder, _ passphrase: Secret?) async throws
        -> BackupReport
    {
        // Before the image, so that every file that it names is there until the end.
        let hold = try await installation.rows.holdFiles()
        defer { withExtendedLifetime(hold) {} }
        let (image, named, rows) = (work.file("image"), HashList(url: work.file("named")), installation.rows)
        let moment = clock.now()
        let counts = try await images.make(image) { connection in
            try named.fill { add in try rows.forEachFile(connection, add) }
            return try rows.counts(connection)
        }
        let version = try await images.version()
        return try await onWorkerThread { [installation] stop in
            let contents = BackupContents(installation: installation, image: image, named: named)
            let manifest = try contents.manifest(at: moment, dumpVersion: version, check: stop.check)
            let counter = CountingSink(BufferedSink(try open(stop)))
            let sink: any ByteSink = if let passphrase { try SealingSink(counter, passphrase: passphrase) } else { counter }
            let archive = try ArchiveWriter(sink, moment: moment, list: work.file("sums"))
            let damaged = try contents.write(manifest, to: archive, check: stop.check)
            return BackupReport(
                manifest: manifest, documents: counts.documents, people: counts.people, bytes: counter.count,
                isEncrypted: passphrase != nil, damaged: damaged, pending: 0, isDatabaseTried: true)
        }
    }
}

/// Counts what is written.
private final class CountingSink: ByteSink {
    private let sink: any ByteSink
    private(set) var count = 0

    init(_ sink: any ByteSink) { self.sink = sink }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try sink.write(bytes)
        count += bytes.count
    }

    func finish() throws { try sink.finish() }
}
