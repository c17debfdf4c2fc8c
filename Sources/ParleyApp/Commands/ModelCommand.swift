import ArgumentParser
import Foundation
import Logging
import ParleyCore
import ParleyInference
import ServiceLifecycle
import UnixSignals

struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Serve a local language model alone, over the OpenAI protocol.")

    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Port to listen on; 0 takes a free one.") var port = 8081
    @Option(help: "The model's folder.") var model = ".parley/models/SmolLM2-135M-Instruct"
    @Option(help: "Folder of the OpenVINO libraries.") var runtime = ".parley/runtime/openvino"
    @Option(help: "Tokens of prompt and answer together.") var contextWindow = 2048
    @Option(help: "Processor threads; 0 takes all cores, at most 4.") var threads = 0
    @Option(help: "Requests that may wait.") var waiting = 16
    @Option(help: "Folder to keep the compiled model in, which then loads faster.") var cache: String?
    @Flag(help: "Stop when standard input ends.") var exitWithStdin = false

    func run() async throws {
        try await reporting {
            var configuration = ModelServer.Configuration(folder: LocalPath(model).installed, runtime: LocalPath(runtime).installed)
            (configuration.host, configuration.port, configuration.exitsWithStandardInput) = (host, port, exitWithStdin)
            configuration.options.contextWindow = contextWindow
            configuration.options.threads = threads
            configuration.options.waitingLimit = waiting
            configuration.options.cacheFolder = cache
            configuration.bearer = ProcessInfo.processInfo.environment[ModelSupervisor.keyVariable].map { Secret($0) }
            var logger = Logger(label: "parley.model") { StreamLogHandler.standardError(label: $0) }
            logger.logLevel = .critical
            let server = ModelServer(configuration, logger: logger)
            let service = ServiceGroupConfiguration.ServiceConfiguration(
                service: server, successTerminationBehavior: .gracefullyShutdownGroup)
            try await ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [service], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            ).run()
        }
    }
}
