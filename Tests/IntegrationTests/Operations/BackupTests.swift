import Accounts
import Backup
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Synchronization
import Testing

@testable import ParleyApp

/// The whole product backed up while it works, and what comes of it in another place.
@Suite(.serialized) struct BackupTests {
    private func settings(_ dialect: Dialect, _ url: String) async throws -> [String: String] {
        guard dialect == .postgres else { return [:] }
        return ["database-url": url, "backup-postgres-programs": try await PostgresServer.shared.value.programs.path]
    }

    private func caller(_ application: RunningApplication) async throws -> Caller {
        try await application.admin().caller
    }

    @Test(arguments: TestDatabases.all)
    func whatIsRestoredAnswersTheSameQuestions(_ dialect: Dialect) async throws {
        let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
        let file = URL(filePath: folder.path + "/file.parleybackup")
        try await TestDatabases.withURL(dialect) { url in
            let before = try testSettings(folder, try await settings(dialect, url))
            let first = try await RunningApplication(before)
            let caller = try await caller(first)
            let made = try await caller.send(.post, "/v1/projects", json: ["name": "Handbook"])
            let project = ProjectFolder(caller: caller, id: try #require(ProjectID(made.json["id"]?.string ?? "")))
            let document = try #require(try await project.add()["id"]?.string)
            let key = try await caller.send(.post, "/v1/me/keys", json: ["name": "robot"]).json["secret"]?.string
            let hits = try await project.search("When is the office open?")
            let thread = try await project.thread()
            let path = try await project.ask("When is the office open?", in: thread)
            _ = try await caller.follow(path + "/events")
            let answer = try await caller.send(.get, path).json
            let report = try await AppSettings(before).backups().make(.file(file), isTried: true)
            #expect(report.documents == 1 && report.people == 1 && report.manifest.files == 1)
            // The old server goes on; what it does from now on is not in the file.
            #expect(try await caller.send(.delete, project.documents + "/\(document)").status < 300)

            try await empty(dialect) { url in
                let after = try testSettings(other, try await settings(dialect, url))
                _ = try await AppSettings(after).backups().restore(.file(file))
                let second = try await RunningApplication(after)
                let same = ProjectFolder(caller: Caller(base: second.base, token: caller.token), id: project.id)
                #expect(try await same.caller.send(.get, path).json == answer, "sessions and answers are the same")
                #expect(try await same.search("When is the office open?").map { $0["text"] } == hits.map { $0["text"] })
                #expect(try await same.caller.send(.get, same.documents + "/\(document)/content").text == ProjectFolder.handbook)
                #expect(try await Caller(base: second.base, token: key).send(.get, "/v1/projects").ids == ["\(project.id)"])
                let again = try await same.ask("When is the office open?", in: same.thread())
                _ = try await same.caller.follow(again + "/events")
                let quotes = { (message: JSONValue) in (message["citations"]?.array ?? []).compactMap { $0["quote"]?.string } }
                #expect(try await quotes(same.caller.send(.get, again).json) == quotes(answer) && !quotes(answer).isEmpty)
                try await second.stop()
            }
            try await first.stop()
        }
    }

    /// An empty database to restore to; with SQLite it is that of the data folder.
    private func empty(_ dialect: Dialect, _ body: (String) async throws -> Void) async throws {
        if dialect == .sqlite { try await body("") } else { try await TestDatabases.withURL(.postgres) { try await body($0) } }
    }

    /// What one writer was told, in the order in which it was told.
    private struct Told: Sendable {
        var begun: [String] = []
        var acknowledged: [String] = []
    }

    /// What all writers were told so far.
    private final class Diary: Sendable {
        private let told = Mutex([Told(), Told(), Told()])
        var now: [Told] { told.withLock { $0 } }
        func begin(_ name: String, _ writer: Int) { told.withLock { $0[writer].begun.append(name) } }
        func acknowledge(_ name: String, _ writer: Int) { told.withLock { $0[writer].acknowledged.append(name) } }
    }

    /// Several writers add documents one after the other while back-ups are made. Each back-up must hold of each writer the first so many
    /// documents, at least those that were acknowledged before it began, and none that was begun after it was done; each with its revision,
    /// file, event and job.
    @Test(arguments: TestDatabases.all)
    func aBackupUnderLoadIsOfAMomentThatOnceWas(_ dialect: Dialect) async throws {
        let folder = try TemporaryFolder()
        try await TestDatabases.withURL(dialect) { url in
            let more = ["embedding-model": "/nowhere/model"].merging(try await settings(dialect, url)) { $1 }
            let before = try testSettings(folder, more)
            let first = try await RunningApplication(before)
            let caller = try await caller(first)
            let made = try await caller.send(.post, "/v1/projects", json: ["name": "Load"])
            let project = ProjectFolder(caller: caller, id: try #require(ProjectID(made.json["id"]?.string ?? "")))
            let diary = Diary()
            var moments: [(file: URL, before: [Told], after: [Told])] = []
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<3 {
                    group.addTask {
                        var number = 0
                        while !Task.isCancelled {
                            let name = "w\(writer)-\(number).md"
                            diary.begin(name, writer)
                            let answer = try? await project.upload("# Report \(name)\n\nIt speaks of topic\(writer)x\(number).", name: name)
                            if answer?.status == 202 { diary.acknowledge(name, writer) }
                            number += 1
                        }
                    }
                }
                for round in 0..<3 {
                    try await Task.sleep(for: .milliseconds(300))
                    let file = URL(filePath: folder.path + "/\(round).parleybackup")
                    let begun = diary.now
                    try await AppSettings(before).backups().make(.file(file))
                    moments.append((file, begun, diary.now))
                }
                group.cancelAll()
            }
            try await first.stop()
            #expect(moments.last?.before.allSatisfy { $0.acknowledged.count > 2 } == true, "there was load")
            for moment in moments { try await expectTrue(moment, dialect, project.id, comesToRest: moment.file == moments.last?.file) }
        }
    }

    private func expectTrue(
        _ moment: (file: URL, before: [Told], after: [Told]), _ dialect: Dialect, _ project: ProjectID, comesToRest: Bool
    ) async throws {
        let other = try TemporaryFolder()
        try await empty(dialect) { url in
            let more = ["embedding-model": "/nowhere/model"].merging(try await settings(dialect, url)) { $1 }
            let after = try testSettings(other, more)
            let report = try await AppSettings(after).backups().restore(.file(moment.file)).report
            let database = try await TestDatabases.open(AppSettings(after).databaseURL)
            let names: [String] = try await database.read { try $0.rows("SELECT name FROM documents").map { try $0["name"] } }
            for writer in 0..<3 {
                let mine = Set(names.filter { $0.hasPrefix("w\(writer)-") })
                let (began, ended) = (moment.before[writer], moment.after[writer])
                #expect(mine == Set(ended.begun.prefix(mine.count)), "the first so many, without a gap")
                #expect(mine.isSuperset(of: began.acknowledged), "what was acknowledged before is there")
            }
            #expect(names.count == report.documents && names.count == report.manifest.files && report.warnings.isEmpty)
            let broken = try await database.read { connection in
                try connection.rows(
                    """
                    SELECT documents.name FROM documents
                    WHERE NOT EXISTS (SELECT 1 FROM revisions WHERE revisions.document_id = documents.id)
                        OR (SELECT count(*) FROM events WHERE events.subject = documents.id AND kind = 'document.added') <> 1
                        OR (SELECT count(*) FROM jobs JOIN revisions ON revisions.id = jobs.subject OR documents.id = jobs.subject
                            WHERE revisions.document_id = documents.id AND jobs.type = 'library.ingest') = 0
                    """
                ).count
            }
            #expect(broken == 0, "each document has its revision, its event and its job")
            if dialect == .postgres {
                let strangers = try await database.read {
                    try $0.row("SELECT count(*) AS n FROM events WHERE transaction_id <> '0'")?["n"] ?? 1
                }
                #expect(strangers == 0, "the numbers of another server's transactions are gone")
                let places: [String] = try await database.read {
                    try $0.rows("SELECT position FROM event_readers").map { try $0["position"] }
                }
                #expect(!places.isEmpty && places.allSatisfy { $0.hasPrefix("0-") }, "\(places)")
            }
            await database.close()
            guard comesToRest else { return }
            let second = try await RunningApplication(after)
            let same = ProjectFolder(caller: try await caller(second), id: project)
            for id in try await same.caller.send(.get, same.documents + "?limit=200").ids {
                #expect(try await same.read(id)["state"]?.string == "ready", "work that was under way is taken up")
            }
            #expect(try await same.search("topic0x0", mode: "lexical").first?["document_name"]?.string == "w0-0.md")
            try await same.add("# New\n\nIt speaks of something later.", name: "new.md")
            try await second.stop()
        }
    }
}

/// The commands, on a folder that a running server holds.
@Suite(.serialized, .enabled(if: InstalledFiles.parley != nil, "the program has not been built")) struct BackupCommandTests {
    private struct Outcome {
        let status: Int32
        let output: Data
        let messages: String
    }

    private func serve(_ data: String) throws -> ServerProcess {
        try ServerProcess(
            InstalledFiles.parley,
            [
                "serve", "--http-port", "0", "--data-path", data, "--log-level", "critical", "--answer-quotes-only", "true",
                "--embedding-model", "/nowhere/model",
            ])
    }

    private func start(_ arguments: [String], input: Data? = nil, temporary: String, output: Pipe) throws -> (Process, Pipe) {
        let (process, messages, source) = (Process(), Pipe(), Pipe())
        (process.executableURL, process.arguments) = (InstalledFiles.parley, arguments)
        (process.standardOutput, process.standardError) = (output, messages)
        process.standardInput = input == nil ? FileHandle.nullDevice : source
        process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": temporary]) { $1 }
        try process.run()
        if let input {
            let end = source.fileHandleForWriting
            Thread.detachNewThread {
                try? end.write(contentsOf: input)
                try? end.close()
            }
        }
        return (process, messages)
    }

    private func run(_ arguments: [String], input: Data? = nil, temporary: String) throws -> Outcome {
        let output = Pipe()
        let (process, messages) = try start(arguments, input: input, temporary: temporary, output: output)
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let said = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: data, messages: said)
    }

    @Test func fromARunningServerToAnotherFolder() async throws {
        let folder = try TemporaryFolder()
        let (data, new) = (folder.path + "/data", folder.path + "/new")
        for name in ["tmp", "out"] {
            try FileManager.default.createDirectory(atPath: folder.path + "/" + name, withIntermediateDirectories: true)
        }
        let (file, temporary) = (folder.path + "/out/file", folder.path + "/tmp")
        let server = try serve(data)
        let caller = try await server.firstLogin()
        let made = try await caller.send(.post, "/v1/projects", json: ["name": "Handbook"])
        let project = ProjectFolder(caller: caller, id: try #require(ProjectID(made.json["id"]?.string ?? "")))
        try await project.add()

        let backup = try run(["backup", file, "--data-path", data], temporary: temporary)
        #expect(
            backup.status == 0 && backup.messages.contains("1 documents, 1 people") && backup.messages.contains("not encrypted"),
            "\(backup.messages)")
        let check = try run(["restore", file, "--check", "--data-path", data], temporary: temporary)
        #expect(
            check.status == 0 && String(decoding: check.output, as: UTF8.self).contains("The back-up is whole: 1 documents"),
            "\(check.messages)")
        let occupied = try run(["restore", file, "--data-path", data], temporary: temporary)
        #expect(occupied.status == 1 && occupied.messages.contains("Another Parley process holds"), "\(occupied.messages)")

        // Encrypted, from program to program.
        try "four quiet rivers of ink".write(toFile: folder.path + "/passphrase", atomically: true, encoding: .utf8)
        let secret = ["--backup-passphrase-file", folder.path + "/passphrase"]
        let stream = try run(["backup", "-", "--data-path", data] + secret, temporary: temporary)
        #expect(stream.status == 0 && stream.output.starts(with: Data("PARLEY-SEALED-1\n".utf8)) && !stream.messages.contains("warning"))
        let locked = try run(["restore", "-", "--data-path", new], input: stream.output, temporary: temporary)
        #expect(locked.status == 1 && locked.messages.contains("encrypted"))
        let restored = try run(["restore", "-", "--data-path", new] + secret, input: stream.output, temporary: temporary)
        #expect(restored.status == 0, "\(restored.messages)")
        #expect(await server.stop() == 0)

        let second = try serve(new)
        let same = ProjectFolder(caller: Caller(base: try await second.listening(), token: caller.token), id: project.id)
        #expect(try await same.search("office").first?["document_name"]?.string == "handbook.md")
        #expect(await second.stop() == 0)
        for name in ["tmp", "out"] {
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + name).allSatisfy { $0 == "file" })
        }
    }

    /// The other end of the pipe reads nothing, so that the command is in the middle of its work when it is ended.
    @Test func endedHalfWayItLeavesNothing() async throws {
        let folder = try TemporaryFolder()
        let (data, temporary) = (folder.path + "/data", folder.path + "/tmp")
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        let server = try serve(data)
        _ = try await server.firstLogin()
        func left() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: temporary) }
        for signal in [SIGTERM, SIGKILL] {
            let (process, _) = try start(["backup", "-", "--data-path", data], temporary: temporary, output: Pipe())
            try await eventually("it works") { try left().isEmpty ? nil : () }
            try await Task.sleep(for: .milliseconds(500))
            #expect(process.isRunning)
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            #expect(try left().isEmpty == (signal == SIGTERM))
            if signal == SIGTERM { #expect(process.terminationStatus == 69) }
        }
        #expect(try run(["backup", "-", "--data-path", data], temporary: temporary).status == 0)
        #expect(try left().isEmpty, "what the killed one left is gone")
        #expect(await server.stop() == 0)
    }
}
