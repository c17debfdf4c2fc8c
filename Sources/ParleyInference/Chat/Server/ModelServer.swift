internal import Dispatch
internal import Foundation
internal import Hummingbird
public import Logging
internal import NIOCore
public import ParleyCore
public import ServiceLifecycle

/// The embedded model as a server of its own, speaking the OpenAI protocol: `GET /v1/models`, `POST /v1/chat/completions`, `GET /health`.
public struct ModelServer: Service {
    public struct Configuration: Sendable {
        /// The model's folder and that of OpenVINO's libraries.
        public var folder: String
        public var runtime: String
        public var host = "127.0.0.1"
        /// 0 takes a free one.
        public var port = 0
        /// What callers must send as `Authorization: Bearer …`; nil asks for nothing.
        public var bearer: Secret?
        /// Ends the server when its standard input does, which is when its parent is gone, however it died.
        public var exitsWithStandardInput = false
        public var options = LocalLanguageModel.Options()

        public init(folder: String, runtime: String) { (self.folder, self.runtime) = (folder, runtime) }
    }

    private let configuration: Configuration
    private let logger: Logger
    private let announce: @Sendable (String) -> Void

    /// - Parameter announce: gets the address once the server listens, e.g. `http://127.0.0.1:43117`.
    public init(
        _ configuration: Configuration, logger: Logger, announce: @escaping @Sendable (String) -> Void = ModelServer.printAddress
    ) {
        (self.configuration, self.logger, self.announce) = (configuration, logger, announce)
    }

    /// The line that `ModelSupervisor` waits for.
    static let addressLine = "listening on "

    /// Writes `listening on http://…` to standard output.
    @Sendable public static func printAddress(_ address: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data((addressLine + address + "\n").utf8))
    }

    /// Loads the model, listens, and returns after a graceful shutdown or, if so configured, at the end of standard input.
    /// - Throws: `model.missing`, `inference.…`, and what listening throws.
    public func run() async throws {
        guard configuration.exitsWithStandardInput else { return try await serve(try await load()) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(try await load()) }
            group.addTask { await StandardInput.end() }
            try await group.next()
            group.cancelAll()
        }
    }

    func serve(_ model: LocalLanguageModel) async throws {
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        let application = Application(
            responder: ModelResponder(model, bearer: configuration.bearer, logger: logger),
            configuration: ApplicationConfiguration(address: .hostname(configuration.host, port: configuration.port)),
            onServerRunning: { channel in announce("http://\(host):\(channel.localAddress?.port ?? configuration.port)") },
            logger: logger)
        try await application.run()
    }

    /// Loads on a thread that may block.
    private func load() async throws -> LocalLanguageModel {
        let configuration = configuration
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<LocalLanguageModel, ParleyError>, Never>) in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(
                    returning: Result { () throws(ParleyError) in
                        try LocalLanguageModel(folder: configuration.folder, runtime: configuration.runtime, options: configuration.options)
                    })
            }
        }
        return try result.get()
    }
}

/// The process's standard input, watched for its end.
enum StandardInput {
    /// Returns when standard input ends or the task is cancelled; what comes before is thrown away.
    static func end() async {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let input = FileHandle.standardInput
        input.readabilityHandler = { handle in
            if handle.availableData.isEmpty { continuation.finish() }
        }
        for await _ in stream {}
        input.readabilityHandler = nil
    }
}
