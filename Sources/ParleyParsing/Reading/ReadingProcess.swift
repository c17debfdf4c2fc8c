import Foundation
import ParleyCore

/// How a reading process is started: usually our own program with the word `read`.
public struct ReadingProgram: Sendable {
    public var executable: String
    public var arguments: [String]

    public init(executable: String, arguments: [String] = ["read"]) { (self.executable, self.arguments) = (executable, arguments) }
}

/// One reading process, in a process group and a folder of its own, without our environment or open files.
final class ReadingProcess: Sendable {
    /// Why it gave no answer.
    enum Failure: Error {
        case tookTooLong
        /// What it wrote was no answer.
        case nonsense
        /// With the last that it wrote to its standard error.
        case died(ChildProcess.End, messages: String)
    }

    private let child: ChildProcess
    private let folder: URL
    private let messages: URL

    /// - Parameter place: where its folder is made.
    /// - Throws: `converter.failed` when it cannot be started.
    init(_ program: ReadingProgram, in place: URL) throws {
        folder = place.appending(path: "reading-\(UUID().uuidString)")
        messages = folder.appending(path: "messages")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            var setup = ChildProcess.Setup(program.executable, program.arguments)
            setup.environment["TMPDIR"] = folder.path
            // A trap ends the process at once, without a minute of looking for names.
            setup.environment["SWIFT_BACKTRACE"] = "enable=no"
            (setup.folder, setup.input, setup.output, setup.messages) = (folder, .pipe, .pipe, .file(messages))
            child = try ChildProcess(setup)
        } catch {
            throw ParleyError(
                .converterFailed, "The program that reads documents, \(program.executable), could not be started.", cause: error)
        }
    }

    /// - Throws: `Failure`; `CancellationError`. Then the process is of no more use.
    func ask(_ request: ReadingRequest) async throws -> ReadingReply {
        let deadline = ContinuousClock.now + .seconds(request.limits.seconds)
        // Every scalar and block as large as can be, and what else there is.
        let limit = request.limits.textLength.multipliedClamped(by: 4).addingClamped(request.limits.blocks.multipliedClamped(by: 32))
            .addingClamped(1 << 24)
        do {
            return try await withTaskCancellationHandler {
                try await onWorkerThread { [child] in
                    guard let input = child.input, let output = child.output else { throw ReadingFrames.Failure.ended }
                    try ReadingFrames.write(request.bytes, to: input.fileDescriptor)
                    return try ReadingReply(ReadingFrames.read(from: output.fileDescriptor, limit: limit, deadline: deadline))
                }
            } onCancel: {
                child.kill()
            }
        } catch {
            child.kill()
            try Task.checkCancellation()
            throw await failure(error)
        }
    }

    private func failure(_ error: any Error) async -> Failure {
        switch error {
        case ReadingFrames.Failure.tookTooLong: .tookTooLong
        case ReadingFrames.Failure.ended: .died(await child.ended(), messages: lastMessages())
        default: .nonsense
        }
    }

    /// As much as the list of calls that a trap writes after its reason.
    private func lastMessages() -> String {
        guard let handle = try? FileHandle(forReadingFrom: messages) else { return "" }
        defer { try? handle.close() }
        let size = (try? handle.seekToEnd()) ?? 0
        try? handle.seek(toOffset: size > 32_768 ? size - 32_768 : 0)
        return String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
    }

    /// Bytes of memory that it holds.
    var memory: Int {
        let pages = (try? String(contentsOfFile: "/proc/\(child.identifier)/statm", encoding: .utf8))?.split(separator: " ").dropFirst()
            .first
        return (pages.flatMap { Int($0) } ?? 0).multipliedClamped(by: sysconf(Int32(clamping: _SC_PAGESIZE)))
    }

    /// Ends it and deletes what it left behind.
    func end() async {
        child.kill()
        _ = await child.ended()
        try? FileManager.default.removeItem(at: folder)
    }
}
