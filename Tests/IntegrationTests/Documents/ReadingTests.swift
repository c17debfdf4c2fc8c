import Foundation
import ParleyCore
import ParleyParsing
import ParleyTelemetry
import ParleyTesting
import Testing

/// Documents are read in processes of their own, whose death harms no other.
@Suite(.enabled(if: InstalledFiles.parley != nil, "the program has not been built")) struct ReadingTests {
    private let folder: TemporaryFolder
    private let telemetry = Telemetry.silent()

    init() throws { folder = try TemporaryFolder() }

    private func reader(_ limits: ParsingLimits = .standard, _ program: ReadingProgram? = nil) throws -> DocumentReader {
        let built = ReadingProgram(executable: try #require(InstalledFiles.parley).path)
        return DocumentReader(
            program ?? built, limits: limits, folder: URL(filePath: folder.path).appending(path: "reading"), telemetry: telemetry)
    }

    /// A program that does this instead of reading.
    private func shell(_ script: String) -> ReadingProgram { ReadingProgram(executable: "/bin/sh", arguments: ["-c", script]) }

    private func file(_ text: String, _ name: String = "text.md") throws -> URL {
        let file = URL(filePath: folder.path).appending(path: name)
        try Data(text.utf8).write(to: file)
        return file
    }

    private func failure(_ body: () async throws -> Void) async -> ErrorCode? {
        do { try await body() } catch { return (error as? ParleyError)?.code }
        return nil
    }

    private var count: Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/reading")) ?? []).count
    }

    @Test func whatAProcessReadsIsWhatItsParserReads() async throws {
        let reader = try reader()
        let texts = [
            "# Title 🎉\n\nCafé.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n\n> quote", "Plain words.\n\n- one\n- two\n",
            "<h1>Ä</h1><figure><figcaption>Fig</figcaption></figure><p>Text</p><ol><li>x</ol>",
        ]
        for (number, text) in texts.enumerated() {
            let file = try file(text, "text\(number)")
            let read = try await reader.read(file, name: "text.md")
            #expect(try await ParserRegistry().parse(file, name: "text.md") == read)
        }
        #expect(count == 1, "one process has read them all")
        await reader.close()
        #expect(count == 0)
    }

    @Test func refusalsComeAsTheyWereMeant() async throws {
        let reader = try reader()
        #expect(await failure { _ = try await reader.read(file(" \n"), name: nil) } == .documentNoText)
        #expect(await failure { _ = try await reader.read(file("PK\u{3}\u{4}cut"), name: nil) } == .documentDamaged)
        #expect(try await reader.read(file("Words."), name: nil).text == "Words.")
        await reader.close()
    }

    @Test(arguments: ["kill -ILL $$", "kill -SEGV $$", "exit 0", "cat /dev/zero", "head -c 8 /dev/zero; exec sleep 60"])
    func aProcessThatDiesOrTalksNonsenseIsADamagedDocument(_ script: String) async throws {
        var limits = ParsingLimits()
        limits.seconds = 20
        let reader = try reader(limits, shell(script))
        #expect(await failure { _ = try await reader.read(file("x"), name: nil) } == .documentDamaged)
        #expect(count == 0, "nothing is left behind")
    }

    @Test func aProcessThatTakesTooLongIsEndedWithItsConverters() async throws {
        var limits = ParsingLimits()
        limits.seconds = 1
        let mark = "61.\(UInt32.random(in: 0...UInt32.max))"
        let reader = try reader(limits, shell("sleep \(mark) & wait"))
        #expect(await failure { _ = try await reader.read(file("x"), name: nil) } == .documentTooComplex)
        #expect(!isRunning(mark))
    }

    @Test func cancellingEndsTheProcess() async throws {
        let mark = "62.\(UInt32.random(in: 0...UInt32.max))"
        let reader = try reader(.standard, shell("sleep \(mark) & wait"))
        let file = try file("x")
        let task = Task { try await reader.read(file, name: nil) }
        try await eventually("the process runs") { isRunning(mark) ? () : nil }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!isRunning(mark))
    }

    @Test func memoryIsLimited() async throws {
        var limits = ParsingLimits()
        (limits.memory, limits.textLength, limits.blocks) = (640 << 20, 1 << 30, 1 << 30)
        let reader = try reader(limits)
        let file = try file(String(repeating: "word\n\n", count: 12 << 20), "long")
        let error = await #expect(throws: ParleyError.self) { _ = try await reader.read(file, name: nil) }
        #expect(error?.message.contains("memory") == true)
        #expect(try await reader.read(self.file("Words."), name: nil).text == "Words.")
        await reader.close()
    }

    @Test func aReadingProcessEndsWithWhoeverStartedIt() async throws {
        var setup = ChildProcess.Setup(try #require(InstalledFiles.parley).path, ["read"])
        setup.input = .pipe
        setup.output = .pipe
        let child = try ChildProcess(setup)
        try child.input?.close()
        #expect(try await child.ended(within: .seconds(20)) != nil)
    }

    private func isRunning(_ mark: String) -> Bool {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.contains { entry in
            guard Int(entry) != nil, let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline") else { return false }
            return String(decoding: line, as: UTF8.self).hasPrefix("sleep\0\(mark)")
        }
    }
}
