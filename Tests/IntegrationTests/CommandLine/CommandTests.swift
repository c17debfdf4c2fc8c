import Accounts
import ArgumentParser
import Foundation
import ParleyAuthority
import ParleyClient
import ParleyCore
import ParleyInference
import ParleyTelemetry
import Testing

@testable import ParleyApp

@Suite struct CommandTests {
    private func parse<Command: ParsableCommand>(_ words: String, as type: Command.Type = Command.self) throws -> Command {
        try #require(try ParleyCommand.parseAsRoot(words.split(separator: " ").map(String.init)) as? Command, "\(words)")
    }

    @Test func everyCommandTakesItsWords() throws {
        #expect(try parse("serve --print-config --http-port 9000 --log-level=debug", as: ServeCommand.self).printConfig)
        let ingest = try parse("ingest --data-path d --project Handbook --tag a --tag b one.md two", as: IngestCommand.self)
        #expect(ingest.paths == ["one.md", "two"] && ingest.tag == ["a", "b"] && ingest.project == "Handbook")
        let search = try parse("search --json --project p --mode lexical --limit 3 what is it", as: SearchCommand.self)
        #expect(search.query == ["what", "is", "it"] && search.limit == 3 && search.mode == "lexical" && search.server.json)
        let ask = try parse("ask --server http://127.0.0.1:1 --token t --project p why", as: AskCommand.self)
        #expect(ask.server.server == "http://127.0.0.1:1" && ask.question == ["why"] && ask.thread == nil)
        #expect(try parse("user add --email a@b.c --name A --role admin", as: UserCommand.Add.self).role == "admin")
        _ = try parse("user first-login", as: UserCommand.FirstLogin.self)
        _ = try parse("user list --data-path d", as: UserCommand.List.self)
        _ = try parse("migrate", as: MigrateCommand.self)
        _ = try parse("doctor", as: DoctorCommand.self)
        _ = try parse("backup --data-path d file", as: BackupCommand.self)
        let restore = try parse("restore file --check --data-path d", as: RestoreCommand.self)
        #expect(restore.check && !restore.replace)
        var options = restore.options
        let word = try options.takeWord("FILE")
        #expect(word == "file" && options.words == ["--data-path", "d"])
        #expect(throws: (any Error).self) {
            var options = SettingsOptions(words: ["--data-path", "d", "--x=y"])
            _ = try options.takeWord("FILE")
        }
        _ = try parse("version", as: VersionCommand.self)
        _ = try parse("model --port 0", as: ModelCommand.self)
        for words in ["search --project p", "ask --project p", "ingest --project p", "fly", "user add --name A"] {
            #expect(throws: (any Error).self, "\(words)") { try ParleyCommand.parseAsRoot(words.split(separator: " ").map(String.init)) }
        }
    }

    @Test func settingsComeFromFlags() throws {
        let reader = try SettingsOptions(words: ["--http-port", "9000", "--log-level=debug"]).reader(adding: ["data-path": "/d"])
        #expect(reader[AppSettings.dataPath].text == "/d")
        #expect(reader.printed(AppSettings.all).contains("9000"))
        for words in [["port"], ["--http-port"], ["--"]] {
            #expect(throws: (any Error).self, "\(words)") { try SettingsOptions(words: words).reader() }
        }
    }

    @Test func errorsBecomeExitCodes() async {
        for (code, status) in [
            (ErrorCode.modelUnreachable, ExitStatus.unavailable), (.notFound, .init(66)), (.settingsInvalid, .init(78)),
            (.forbidden, .init(1)),
        ] {
            let thrown = await #expect(throws: ExitCode.self) { try await reporting { throw ParleyError(code, "Test of an exit code.") } }
            #expect(thrown == status)
        }
    }

    @Test func filesGoInAndAnswersComeOut() async throws {
        let (folder, files) = (try TemporaryFolder(), try TemporaryFolder())
        try ProjectFolder.handbook.write(toFile: files.path + "/handbook.md", atomically: true, encoding: .utf8)
        try "%PDF-1.7 broken".write(toFile: files.path + "/broken.pdf", atomically: true, encoding: .utf8)
        try await LocalServer.run(
            testSettings(folder, ["answer-quotes-only": "false", "model-url": "http://127.0.0.1:9/v1", "model-name": "none"])
        ) {
            parley, base in
            let token = try await parley.signIn.open(LocalServer.administrator(of: parley)).accessToken
            let client = ParleyAPI(server: base, token: token)
            let project = try await client.project("Handbook")
            #expect(try await client.project("Handbook") == project)
            #expect(try await client.project(project) == project)
            await #expect(throws: ParleyError.self) { _ = try await client.project("Other", make: false) }
            let urls = ["broken.pdf", "handbook.md"].map { URL(filePath: files.path + "/" + $0) }
            #expect(try await Ingest(client: client, project: project, tags: ["t"], json: false).run(urls) == 1)
            #expect(try await client.items("/v1/projects/\(project)/documents", as: ParleyAPI.Document.self).all().count == 2)
            let found: JSONValue = try await client.post("/v1/projects/\(project)/search", ["query": "office"])
            #expect(found["hits"]?.array?.first?["document_name"]?.string == "handbook.md")

            var kinds: [String] = []
            var message = JSONValue.null
            for try await event in try await client.ask("When is the office open?", in: project) {
                kinds.append(event.event.kind)
                message = try event.event.decoded(as: JSONValue.self)["message"] ?? .null
            }
            #expect(kinds.first == "retrieval" && kinds.last == "done")
            #expect(message["degraded"]?.array?.first?["component"]?.string == "model", "the model's port is closed")
            let folder = ProjectFolder(caller: Caller(base: base, token: token), id: try #require(ProjectID(project)))
            try await WithInstallations.AnswerTests.expectQuotesHold(message, folder)
            #expect(message["citations"]?.array?.isEmpty == false)
        }
    }
}
