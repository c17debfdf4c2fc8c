import Foundation
import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyParsing

@Suite struct ArchiveTests {
    /// An archive that a program of the system makes of files.
    private func packed(_ files: [String: String], _ program: String, _ arguments: [String], _ name: String) async throws -> [UInt8] {
        try await withFile([0], "keep") { keep in
            let folder = keep.deletingLastPathComponent()
            for (path, text) in files {
                let file = folder.appending(path: path)
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            return try await ConverterProcess(program).run(["-C", folder.path] + arguments + files.keys.sorted()) { outcome in
                #expect(outcome.end == .exit(0), "\(outcome.messages)")
                return [UInt8](try Data(contentsOf: outcome.folder.appending(path: name)))
            }
        }
    }

    private static let files = ["docs/part 10.md": "# Ten\n\nLast.", "docs/part 2.md": "# Two\n\nSecond.", "a.txt": "First of all texts."]
    private static let expected = [
        "h1 a.txt", "p First of all texts.", "h1 docs/part 2.md", "h2 Two", "p Second.", "h1 docs/part 10.md", "h2 Ten", "p Last.",
    ]

    @Test func membersAreSections() async throws {
        let zip = Fixture.zip(
            Self.files.map { ($0.key, $0.value) } + [("docs/", ""), ("__MACOSX/._a.txt", "x"), ("tool.exe", "\u{7F}ELF\u{1}\u{1}")])
        let document = try await parse(zip, "all.zip")
        #expect(document.isSound && document.outline == Self.expected)
        #expect(
            document.warnings == [
                "tool.exe was not read: Programs cannot be read yet. Save it as PDF, DOCX, HTML, Markdown or plain text and upload that."
            ])
        for format in ["gnu", "pax", "ustar"] {
            let tar = try await packed(Self.files, "tar", ["--format=\(format)", "-cf", "all.tar"], "all.tar")
            #expect(try await parse(tar, "all.tar").outline == Self.expected, "\(format)")
        }
    }

    @Test func archivesInArchivesAreOpenedToADepth() async throws {
        var archive = Fixture.zip([("deep.txt", "Far below.")])
        for level in 1...3 {
            archive = Fixture.zip([
                (name: "level\(level).zip", bytes: archive, method: 0, size: archive.count),
                (name: "note\(level).txt", bytes: Array("Note.".utf8), method: 0, size: 5),
            ])
        }
        let document = try await parse(archive, "a.zip")
        #expect(document.isSound && document.outline.filter { $0 == "p Note." }.count == 3)
        #expect(document.warnings.contains { $0.contains("It is nested too deeply.") })
    }

    @Test func namesThatLeadOutAreRefused() async throws {
        let zip = Fixture.zip([
            ("../up.txt", "x"), ("/etc/abs.txt", "x"), ("a/../../b.txt", "x"), ("..\\win.txt", "x"), ("fine..txt", "Fine."),
        ])
        let document = try await parse(zip, "a.zip")
        #expect(document.outline == ["h1 fine..txt", "p Fine."])
        #expect(document.warnings.count == 4 && document.warnings.allSatisfy { $0.hasSuffix("its name leads out of the archive.") })
    }

    @Test func bombsAreBounded() async throws {
        let packed = try await withFile([UInt8](repeating: 32, count: 4 << 20)) { file in
            try await ConverterProcess("gzip").run(["-n", "-c", file.path]) { [UInt8](try Data(contentsOf: $0.output)) }
        }
        var limits = ParsingLimits()
        limits.inflatedBytes = 1 << 20
        #expect(await errorCode { _ = try await parse(packed, "a.gz", limits: limits) } == .documentTooComplex)
        let bomb = Array(packed.dropFirst(10).dropLast(8))
        let zip = Fixture.zip([
            (name: "bomb.txt", bytes: bomb, method: 8, size: 100), (name: "note.txt", bytes: Array("Note.".utf8), method: 0, size: 5),
        ])
        let document = try await parse(zip, "a.zip", limits: limits)
        #expect(document.outline == ["h1 note.txt", "p Note."])
        #expect(document.warnings.first?.hasPrefix("bomb.txt was not read: The document unpacks to more than") == true)
        limits = ParsingLimits()
        limits.members = 10
        let many = Fixture.zip((0..<30).map { ("n\($0).txt", "Text \($0).") })
        let few = try await parse(many, "a.zip", limits: limits)
        #expect(few.warnings == ["Of the files within this one 10 were read; left out: 20."])
    }

    @Test func gzipAlone() async throws {
        let packed = try await withFile(Array("# Head\n\nText.".utf8), "a.md") { file in
            try await ConverterProcess("gzip").run(["-c", file.path]) { [UInt8](try Data(contentsOf: $0.output)) }
        }
        #expect(try await parse(packed, "a.md.gz").outline == ["h1 a.md", "h2 Head", "p Text."])
        #expect(await errorCode { _ = try await parse(Array(packed.prefix(packed.count - 12)), "a.md.gz") } == .documentDamaged)
        #expect(await errorCode { _ = try await parse(Fixture.zip([("a.exe", "\u{7F}ELF\u{1}")]), "a.zip") } == .documentNoText)
    }

    @Test func randomChangesNeverTrap() async throws {
        var random = Mulberry(seed: 13)
        let tar = try await packed(Self.files, "tar", ["--format=gnu", "-cf", "all.tar"], "all.tar")
        let zip = Fixture.zip(Self.files.map { ($0.key, $0.value) })
        for round in 0..<400 {
            _ = TarArchive(random.mutated(tar))
            do { #expect(try await parse(random.mutated(round.isMultiple(of: 2) ? tar : zip), "a").isSound) } catch let refusal
                as ParleyError
            {
                #expect(!refusal.code.isFault, "\(refusal)")
            }
        }
        for length in stride(from: 600, to: tar.count, by: 333) { _ = TarArchive(Array(tar.prefix(length))) }
    }
}
