import Accounts
import ArgumentParser
import Foundation
import Logging
import ParleyCore
import ParleyHTTP
import ParleyTelemetry
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server.",
        discussion: "As long as nobody has an account, it prints a one-time link for the first administrator.")

    @Flag(help: "Print the settings in force with their origins, secrets masked, and stop.")
    var printConfig = false

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await reporting {
            let reader = try options.reader()
            if printConfig {
                Terminal.write(reader.printed(AppSettings.all))
                return try reader.validate(known: AppSettings.all)
            }
            MemoryArenas.limit()
            OpenFiles.raiseLimit()
            let parley = try await Parley(reader)
            LoggingSystem.bootstrap(parley.telemetry.logHandler)
            for name in reader.foreignVariables(known: AppSettings.all) {
                parley.telemetry.logger.warning("The environment holds \(ShownText.line(name)), which is no setting; it is ignored")
            }
            let crashes = CrashTraces(folder: parley.settings.dataFolder)
            crashes.tell(parley.telemetry.logger)
            crashes.install(at: SystemClock().now())
            let link = try await parley.signIn.issueFirstRunToken()
            let services = try parley.services { port in Self.greet(parley, port: port, token: link) }
            var configuration = ServiceGroupConfiguration(
                services: services.map { .init(service: NamedService($0)) }, gracefulShutdownSignals: [.sigterm, .sigint],
                logger: parley.telemetry.logger
            )
            configuration.maximumGracefulShutdownDuration = .seconds(30)
            do {
                try await ServiceGroup(configuration: configuration).run()
            } catch {
                await parley.close()
                throw Self.explained(error, port: parley.http.port)
            }
            await parley.close()
        }
    }

    private static func greet(_ parley: Parley, port: Int, token: String?) {
        let base = parley.http.publicURL?.absoluteString ?? "http://\(parley.http.host):\(port)"
        Terminal.tell("Parley \(Version.text) listens on \(base)")
        if let token { Terminal.tell("First login (once, within a day): \(base)/#/welcome?token=\(token)") }
    }

    /// A taken port is the commonest reason not to start, and has a remedy.
    private static func explained(_ error: any Error, port: Int) -> any Error {
        let text = "\(error)"
        guard text.contains("EADDRINUSE") || text.contains("Address already in use") else { return error }
        return ParleyError(.portTaken, "Port \(port) is taken; choose another with --http-port, or stop what listens there.", cause: error)
    }
}

extension ErrorCode {
    static let portTaken = Self("http.port_taken", .unavailable, "The port is taken")
}
