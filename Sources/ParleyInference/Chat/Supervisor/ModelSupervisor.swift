internal import Foundation
public import Logging
public import ParleyCore
public import ServiceLifecycle
internal import Synchronization

/// Keeps the embedded model running in a child process: starts it at the first use or at boot, starts it again after a crash,
/// stops it at shutdown. A crash of the model harms no one but the answer it was writing.
public final class ModelSupervisor: Service {
    public struct Configuration: Sendable {
        /// The program and its arguments, usually our own with `model --port 0 …`.
        /// It must print `listening on http://…` and end with its standard input.
        public var executable: String
        public var arguments: [String]
        /// Looked at before each start, so that what is missing is told in a sentence.
        public var modelFolder: String?
        public var runtimeFolder: String?
        /// Start at boot; otherwise at the first use.
        public var warm = false
        /// How long loading may take.
        public var startTimeout = Duration.seconds(30)
        /// The pause after a first failure; it doubles up to `longestPause`.
        public var firstPause = Duration.milliseconds(500)
        public var longestPause = Duration.seconds(30)

        public init(executable: String, arguments: [String]) { (self.executable, self.arguments) = (executable, arguments) }
    }

    /// The environment variable that carries the key which the child must ask for.
    public static let keyVariable = "PARLEY_MODEL_SERVER_KEY"
    /// A child that ran this long was well; its end does not count as a failure in a row.
    private static let healthyAfter = Duration.seconds(60)

    private let configuration: Configuration
    private let logger: Logger
    private let states = Mutex(SupervisorStates())
    private let wanted: AsyncStream<Void>
    private let want: AsyncStream<Void>.Continuation

    public init(_ configuration: Configuration, logger: Logger) {
        (self.configuration, self.logger) = (configuration, logger)
        (wanted, want) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    public var state: ModelState { states.withLock { $0.state } }

    /// Where the model is served, as soon as it is; starts it if need be. `run` must be running.
    /// - Throws: `model.missing`, `inference.runtime_missing` or `model.unreachable` when it does not start; `CancellationError`.
    public func endpoint() async throws -> ModelEndpoint {
        want.yield()
        let id = states.withLock { $0.newWaiter() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if let result = states.withLock({ $0.wait(id, continuation) }) { continuation.resume(with: result) }
                // Cancelled before the continuation stood in the list: the handler found nothing to remove.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// Runs until graceful shutdown or cancellation.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.supervise() }
        settle(.stopped)
    }

    private func supervise() async {
        if !configuration.warm { for await _ in wanted { break } }
        var pause = configuration.firstPause
        while !Task.isCancelled {
            settle(.starting)
            let started = ContinuousClock.now
            let failure = await runChild()
            if Task.isCancelled { return }
            pause = ContinuousClock.now - started > Self.healthyAfter ? configuration.firstPause : pause
            logger.error("The language model's process failed.", metadata: ["error": "\(failure)", "pause": "\(pause)"])
            var told = failure
            told.retryAfter = pause
            settle(.failed(told))
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, configuration.longestPause)
        }
    }

    /// Runs one child to its end and says why it ended.
    private func runChild() async -> ParleyError {
        let key = Secret((0..<4).map { _ in String(UInt64.random(in: 0...UInt64.max), radix: 36) }.joined())
        do {
            try checkFiles()
            let child = try start(key)
            return await withTaskCancellationHandler {
                await follow(child, key)
            } onCancel: {
                child.stop()
            }
        } catch { return error }
    }

    private func follow(_ child: ModelProcess, _ key: Secret) async -> ParleyError {
        let timeout = configuration.startTimeout
        let address = await withTaskGroup(of: Void.self) { group in
            group.addTask { if (try? await Task.sleep(for: timeout)) != nil { child.kill() } }
            defer { group.cancelAll() }
            return await child.listening()
        }
        if let address, !Task.isCancelled {
            logger.info("The language model listens.", metadata: ["address": "\(address)", "pid": "\(child.identifier)"])
            settle(.ready(ModelEndpoint(base: address + "/v1", bearer: key)))
        }
        let status = await child.ended()
        return ParleyError(
            .modelUnreachable,
            address == nil
                ? "The language model did not start; the server's log says why." : "The language model broke down and is started again.",
            cause: ModelExit(status: status))
    }

    private func start(_ key: Secret) throws(ParleyError) -> ModelProcess {
        var environment = ProcessInfo.processInfo.environment
        environment[Self.keyVariable] = key.revealed
        do {
            return try ModelProcess(executable: configuration.executable, arguments: configuration.arguments, environment: environment)
        } catch {
            throw ParleyError(.modelUnreachable, "The program that serves the language model cannot be run.", cause: error)
        }
    }

    /// Looks for the model's and the runtime's files, without starting anything.
    /// - Throws: `model.missing`, `inference.runtime_missing`.
    public func checkFiles() throws(ParleyError) {
        if let folder = configuration.modelFolder { try LanguageModelFolder.check(folder) }
        if let folder = configuration.runtimeFolder { _ = try OpenVINORuntime.library(in: folder) }
    }

    private func settle(_ state: ModelState) {
        for (continuation, result) in states.withLock({ $0.settle(state) }) { continuation.resume(with: result) }
    }

    private func cancel(_ id: UInt64) {
        states.withLock { $0.remove(id) }?.resume(throwing: CancellationError())
    }
}

/// How a child ended; for the log.
struct ModelExit: Error, CustomStringConvertible {
    let status: Int32
    var description: String { "the process ended with status \(status)" }
}
