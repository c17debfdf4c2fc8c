import Foundation
import Library
import ParleyCore
import Testing

@testable import Conversations

@Suite struct PDFWriterTests {
    private func text(of pdf: [UInt8]) async throws -> String {
        try await ConverterProcess("pdftotext").run(["-enc", "UTF-8", "in.pdf", "-"], files: ["in.pdf": pdf]) { outcome in
            String(decoding: try Data(contentsOf: outcome.output), as: UTF8.self)
        }
    }

    @Test func manyScriptsAndPageNumbersAreInIt() async throws {
        let lines = (1...70).map { "<p>Line \($0): Ελληνικά, Кириллица, 日本語の文</p>" }.joined()
        let pdf = try await PDFWriter().write(html: HTMLExport.page(title: "Скрипты", body: lines))
        let text = try await text(of: pdf)
        #expect(text.contains("Скрипты") && text.contains("Line 70: Ελληνικά, Кириллица, 日本語の文"), "\(text.suffix(300))")
        #expect(text.contains("1/3") && text.contains("3/3"), "\(text.suffix(300))")
    }

    /// Whatever the HTML names, no file of the server comes into the PDF.
    @Test func nothingIsFetched() async throws {
        let body =
            "<p>Before</p><object data=\"file:///etc/passwd\"></object><link rel=\"attachment\" href=\"file:///etc/passwd\"><p>After</p>"
        let pdf = try await PDFWriter().write(html: HTMLExport.page(title: "x", body: body))
        #expect(try await text(of: pdf).contains("After"))
        #expect(String(decoding: pdf, as: UTF8.self).contains("/EmbeddedFile") == false)
    }

    @Test func theProgramGoneAndBack() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let program = folder.appending(path: "python3")
        let writer = PDFWriter(program: program.path)
        let html = HTMLExport.page(title: "x", body: "<p>Words</p>")
        let error = await #expect(throws: ParleyError.self) { try await writer.write(html: html) }
        #expect(error?.code == .exportPDFMissing)
        try FileManager.default.createSymbolicLink(at: program, withDestinationURL: URL(filePath: "/usr/bin/python3"))
        #expect(try await writer.write(html: html).starts(with: Array("%PDF-".utf8)))
    }
}
