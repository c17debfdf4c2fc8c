import ArgumentParser
import ParleyParsing

struct ReadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Read documents for a server that starts this command as its child.", shouldDisplay: false)

    func run() async throws {
        MemoryArenas.limit()
        await ReadingLoop.run()
    }
}
