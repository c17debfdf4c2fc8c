import Foundation
import ParleyCore

/// The reading process's side: reads the documents that its standard input names, one after the other, until that ends. What a hostile file
/// does here, a trap, a loop or a flood, harms nobody else.
public enum ReadingLoop {
    private static let longestRequest = 1 << 16

    /// Serves until the standard input ends. Whoever waits for an answer goes before a document that is being read.
    public static func run() async {
        endWithInput()
        await withTaskExecutorPreference(PatientExecutor.shared) { await serve() }
    }

    private static func serve() async {
        while let bytes = try? ReadingFrames.read(from: 0, limit: longestRequest), let request = try? ReadingRequest(bytes) {
            limit(RLIMIT_AS, request.limits.memory)
            limit(RLIMIT_FSIZE, request.limits.outputBytes)
            limit(RLIMIT_CORE, 0)
            let reply = await answer(request)
            guard (try? ReadingFrames.write(reply.bytes, to: 1)) != nil else { return }
        }
    }

    private static func answer(_ request: ReadingRequest) async -> ReadingReply {
        do {
            return .document(
                try await ParserRegistry().parse(URL(filePath: request.file), name: request.name, limits: request.limits))
        } catch let error as ParleyError {
            let cause = error.cause.map { " (\($0))" } ?? ""
            FileHandle.standardError.write(Data("\(error.code.name): \(error.message)\(cause)\n".utf8))
            return .failure(code: error.code.name, message: error.message)
        } catch let error as NSError where "\(error)".contains("annot allocate memory") {
            let refusal = ParsingErrors.tooMuchMemory()
            return .failure(code: refusal.code.name, message: refusal.message)
        } catch {
            return .failure(code: ErrorCode.converterFailed.name, message: "The document could not be read: \(error)")
        }
    }

    /// Lowers a limit of this process.
    private static func limit(_ resource: __rlimit_resource, _ value: Int) {
        let resource = __rlimit_resource_t(resource.rawValue)
        var limits = rlimit()
        guard getrlimit(resource, &limits) == 0 else { return }
        limits.rlim_cur = min(rlim_t(clamping: value), limits.rlim_max)
        setrlimit(resource, &limits)
    }

    /// Whoever started this process may die while a document is being read: then nobody wants the answer, and a converter that runs in our
    /// group would never be told.
    private static func endWithInput() {
        Thread.detachNewThread {
            var watched = pollfd(fd: 0, events: 0, revents: 0)
            while watched.revents & Int16(truncatingIfNeeded: POLLHUP | POLLERR) == 0 { poll(&watched, 1, -1) }
            // A group of our own is what a server gives us; anybody else's is not ours to end.
            if getpgrp() == getpid() { kill(0, SIGKILL) }
        }
    }
}
