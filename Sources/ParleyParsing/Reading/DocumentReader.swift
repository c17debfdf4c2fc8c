public import Foundation
import Logging
import ParleyCore
public import ParleyTelemetry
public import ServiceLifecycle
import Synchronization

extension Metric {
    static let readingProcesses = Metric.counter(
        "parley_reading_processes_ended_total", "Processes that read documents, by why they ended.", labels: ["reason"])
}

/// Reads documents in processes of their own, which are kept warm for the next document. A file that makes its process trap, loop or flood
/// is a document that cannot be read, and nothing else.
public final class DocumentReader: Service {
    /// Documents that one process reads before it is replaced, and the memory that it may keep.
    private static let turns = 200
    private static let mostMemory = 128 << 20
    /// How long a process waits for another document.
    private static let patience = Duration.seconds(60)

    private struct Waiting {
        let process: ReadingProcess
        let turns: Int
        let since: ContinuousClock.Instant
    }

    private struct State {
        var waiting: [Waiting] = []
        var isClosed = false
    }

    private let program: ReadingProgram
    private let limits: ParsingLimits
    private let folder: URL
    private let telemetry: Telemetry
    private let state = Mutex(State())

    /// - Parameter folder: holds what reading processes write; what an earlier server left there is deleted.
    public init(_ program: ReadingProgram, limits: ParsingLimits = .standard, folder: URL, telemetry: Telemetry) {
        (self.program, self.limits, self.folder, self.telemetry) = (program, limits, folder, telemetry)
        telemetry.metrics.register([.readingProcesses])
        try? FileManager.default.removeItem(at: folder)
        // Writing to a process that has died is an error to handle, not a signal to die of.
        signal(SIGPIPE, SIG_IGN)
    }

    /// - Parameter name: the file's name as the client gave it; a hint only.
    /// - Throws: `ParleyError` with a `document.…` code when the file cannot be read, `converter.…` when the fault is the installation's;
    ///   `CancellationError`.
    public func read(_ file: URL, name: String?) async throws -> ParsedDocument {
        let (process, turns) = try take()
        let reply: ReadingReply
        do {
            reply = try await process.ask(ReadingRequest(file: file.path, name: name, limits: limits))
        } catch {
            await process.end()
            throw told(error, file)
        }
        await giveBack(process, turns + 1)
        switch reply {
        case .document(let document): return document
        case .failure(let code, let message):
            throw ParleyError(Self.codes.first { $0.name == code } ?? .converterFailed, message)
        }
    }

    /// Ends processes that nobody needs any more, and all of them at the end.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: Self.patience / 4)) != nil {
                let patience = Self.patience
                let idle = self.state.withLock { state in
                    defer { state.waiting.removeAll { .now - $0.since > patience } }
                    return state.waiting.filter { .now - $0.since > patience }
                }
                for waiting in idle { await self.end(waiting.process, "idle") }
            }
        }
        await close()
    }

    /// Ends the waiting processes; those that read end with their document.
    public func close() async {
        let waiting = state.withLock { state in
            defer { state = State(isClosed: true) }
            return state.waiting
        }
        for waiting in waiting { await end(waiting.process, "closed") }
    }

    private func take() throws -> (ReadingProcess, turns: Int) {
        if let waiting = state.withLock({ $0.waiting.popLast() }) { return (waiting.process, waiting.turns) }
        return (try ReadingProcess(program, in: folder), 0)
    }

    private func giveBack(_ process: ReadingProcess, _ turns: Int) async {
        guard turns < Self.turns, process.memory < Self.mostMemory else { return await end(process, "worn") }
        let isKept = state.withLock { state in
            if !state.isClosed { state.waiting.append(Waiting(process: process, turns: turns, since: .now)) }
            return !state.isClosed
        }
        if !isKept { await end(process, "closed") }
    }

    private func end(_ process: ReadingProcess, _ reason: String) async {
        telemetry.count(.readingProcesses, ["reason": reason])
        await process.end()
    }

    /// What a reader's end means for the document.
    private func told(_ error: any Error, _ file: URL) -> any Error {
        guard let failure = error as? ReadingProcess.Failure else { return error }
        let (reason, error) = verdict(failure)
        telemetry.count(.readingProcesses, ["reason": reason])
        telemetry.logger.error(
            "a reading process ended",
            metadata: ["reason": "\(reason)", "file": "\(file.lastPathComponent)", "failure": "\("\(failure)".prefix(1000))"])
        return error
    }

    private func verdict(_ failure: ReadingProcess.Failure) -> (reason: String, ParleyError) {
        switch failure {
        case .tookTooLong, .died(.signal(SIGXCPU), _): ("time", ParsingErrors.tooLong(limits))
        case .died(.signal(SIGXFSZ), _): ("output", ParsingErrors.tooMuchText(limits))
        case .died(_, let messages) where messages.contains("failed to allocate") || messages.contains("bad_alloc"):
            ("memory", ParsingErrors.tooMuchMemory())
        case .died(.signal(SIGKILL), _):
            // By somebody else: most likely the system, for want of memory.
            ("killed", ParleyError(.converterFailed, "The process that read the document was killed.", cause: failure))
        case .died, .nonsense:
            (
                "crash",
                ParleyError(
                    .documentDamaged,
                    "The document could not be read: the program that reads it failed at this file. Open it in the program it was made with, save "
                        + "it anew and upload that.", cause: failure)
            )
        }
    }

    /// Codes that a reading process may answer with.
    private static let codes: [ErrorCode] = [
        .documentUnsupported, .documentEncrypted, .documentNoText, .documentDamaged, .documentTooComplex, .converterMissing,
        .converterFailed, .uploadEmpty,
    ]
}
