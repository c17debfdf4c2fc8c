import Foundation
import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyApp

/// Rows of docs/degradation.md for which the machine itself must be changed: the program runs in a mount namespace of its own, in which
/// its disk is small and the PDF programs are covered. That needs root.
@Suite(
    .serialized, .enabled(if: Namespace.isPossible, "mounting needs root and unshare"),
    .enabled(if: InstalledFiles.parley != nil, "the program has not been built"))
struct TakenAwayTests {
    @Test func theDiskFullAndFreeAgain() async throws {
        let house = try await House(mounting: "mount -t tmpfs -o size=6m tmpfs \"$DATA\"")
        let project = try await house.project()
        #expect(try await project.add()["state"]?.string == "ready")

        let filler = "/proc/\(house.server.id)/root\(house.folder.path)/data/filler"
        #expect(FileManager.default.createFile(atPath: filler, contents: nil))
        let handle = try #require(FileHandle(forWritingAtPath: filler))
        for size in [65536, 4096, 1] { while (try? handle.write(contentsOf: Data(count: size))) != nil {} }
        try? handle.close()

        let text = ProjectFolder.handbook + String(repeating: "\n", count: 100_000)
        let refused = try await project.upload(text, name: "second.md")
        #expect(refused.status == 507 && refused.problem == "storage.full", "\(refused.text)")
        // The last page of the log may still have room.
        var made = 0
        var full: Answer?
        while full == nil, made < 500 {
            let answer = try await project.caller.send(
                .post, "/v1/projects", json: ["name": "More", "description": .string(String(repeating: "x", count: 1900))])
            if answer.status == 201 { made += 1 } else { full = answer }
        }
        #expect(full?.status == 507 && full?.problem == "database.full", "\(full?.text ?? "never full")")
        #expect(try await project.caller.send(.get, project.path).status == 200, "what is there can be read")
        #expect(try await project.search("office").isEmpty == false)

        try FileManager.default.removeItem(atPath: filler)
        let back = try await eventually("it can be written again") {
            let answer = try await project.upload(text, name: "second.md")
            return answer.status == 202 ? answer : Optional.none
        }
        #expect(try await project.read(back.json["id"]?.string ?? "")["state"]?.string == "ready")
        #expect(try await project.caller.send(.get, project.documents).items.count == 2, "nothing was lost, nothing was half made")
        let total = try await project.caller.send(.get, "/v1/projects?total=true").json["page"]?["total"]?["count"]?.int
        #expect(total == Int64(made + 1), "what was acknowledged is there")
        _ = await house.server.stop()
    }

    @Test func thePDFProgramsMissingAndInstalled() async throws {
        let programs = ["pdftotext", "pdfinfo"].map { "/usr/bin/" + $0 }.filter { FileManager.default.fileExists(atPath: $0) }
        let house = try await House(mounting: programs.map { "mount --bind /dev/null \($0)" }.joined(separator: " && "))
        let project = try await house.project()
        let answer = try await project.upload(Self.pdf, name: "hours.pdf")
        #expect(answer.status == 202)
        let failed = try await project.read(try #require(answer.json["id"]?.string))
        #expect(failed["state"]?.string == "failed" && failed["error"]?["code"]?.string == "converter.missing", "\(failed.text)")
        #expect(failed["error"]?["message"]?.string?.contains("poppler-utils") == true)
        #expect(try await project.add()["state"]?.string == "ready", "every other format is read")
        for program in programs { try Namespace.run(["nsenter", "-t", "\(house.server.id)", "-m", "umount", program]) }
        let path = project.documents + "/" + (failed["id"]?.string ?? "")
        #expect(try await project.caller.send(.post, path + "/retry").status == 202)
        let read = try await project.read(failed["id"]?.string ?? "")
        #expect(read["state"]?.string == (programs.isEmpty ? "failed" : "ready"), "\(read.text)")
        _ = await house.server.stop()
    }

    @Test(.enabled(if: ConverterProcess.isInstalled("tesseract"))) func ocrMissingAndInstalled() async throws {
        let house = try await House(mounting: "mount --bind /dev/null /usr/bin/tesseract")
        let project = try await house.project()
        let picture = try await ConverterProcess("pdftoppm").run(
            ["-png", "-r", "150", "-singlefile", "in.pdf", "page"], files: ["in.pdf": Array(Self.pdf.utf8)]
        ) { [UInt8](try Data(contentsOf: $0.folder.appending(path: "page.png"))) }
        let answer = try await project.caller.send(
            .post, project.documents + "?name=hours.png", bytes: picture, ["Content-Type": "application/octet-stream"])
        #expect(answer.status == 202)
        let failed = try await project.read(try #require(answer.json["id"]?.string))
        #expect(failed["state"]?.string == "failed" && failed["error"]?["code"]?.string == "converter.missing", "\(failed.text)")
        #expect(failed["error"]?["message"]?.string?.contains("(Debian: tesseract-ocr)") == true)
        try Namespace.run(["nsenter", "-t", "\(house.server.id)", "-m", "umount", "/usr/bin/tesseract"])
        #expect(try await project.caller.send(.post, project.documents + "/" + (failed["id"]?.string ?? "") + "/retry").status == 202)
        let read = try await project.read(failed["id"]?.string ?? "")
        #expect(read["state"]?.string == "ready" && read.text.contains("was read by OCR"), "\(read.text)")
        _ = await house.server.stop()
    }

    private static let pdf = """
        %PDF-1.4
        1 0 obj
        << /Type /Catalog /Pages 2 0 R >>
        endobj
        2 0 obj
        << /Type /Pages /Kids [3 0 R] /Count 1 >>
        endobj
        3 0 obj
        << /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>
        endobj
        4 0 obj
        << /Length 64 >>
        stream
        BT /F1 12 Tf 72 700 Td (The office opens at nine o'clock.) Tj ET
        endstream
        endobj
        5 0 obj
        << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>
        endobj
        trailer << /Size 6 /Root 1 0 R >>
        %%EOF
        """
}

/// The program with its own view of the file system, and somebody signed in.
private struct House {
    let folder: TemporaryFolder
    let server: ServerProcess
    private let caller: Caller

    /// - Parameter command: for the shell, in the namespace; `$DATA` is the data folder.
    init(mounting command: String) async throws {
        folder = try TemporaryFolder()
        let data = folder.path + "/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let script = "export DATA=\"$1\"; mount --make-rprivate / && \(command.isEmpty ? "true" : command) && shift && exec \"$@\""
        server = try ServerProcess(
            URL(filePath: "/usr/bin/unshare"),
            [
                "-m", "sh", "-c", script, "sh", data, InstalledFiles.parley?.path ?? "", "serve", "--http-port", "0", "--data-path", data,
                "--log-level", "critical", "--answer-quotes-only", "true", "--storage-min-free", "0", "--embedding-model", "/nowhere/model",
            ])
        caller = try await server.firstLogin()
    }

    func project() async throws -> ProjectFolder {
        let made = try await caller.send(.post, "/v1/projects", json: ["name": "House"])
        return ProjectFolder(caller: caller, id: try #require(ProjectID(made.json["id"]?.string ?? "")))
    }
}

private enum Namespace {
    /// Whether a program can be run in a mount namespace of its own.
    static let isPossible = getuid() == 0 && (try? run(["unshare", "-m", "mount", "--make-rprivate", "/"])) != nil

    struct Failed: Error { let status: Int32 }

    static func run(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
    }
}
