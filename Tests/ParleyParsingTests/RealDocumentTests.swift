import Foundation
import ParleyCore
import Testing

@testable import ParleyParsing

/// Where the shared test data is: `PARLEY_TEST_DATA`, or `shared/data` beside the package.
enum SharedDocuments {
    static let folder: URL? = {
        let given = ProcessInfo.processInfo.environment["PARLEY_TEST_DATA"].map { URL(fileURLWithPath: $0) }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let candidates = [given, root.deletingLastPathComponent().appending(path: "shared/data")].compactMap(\.self)
        return candidates.map { $0.appending(path: "documents") }.first { FileManager.default.fileExists(atPath: $0.path) }
    }()
}

@Suite(.enabled(if: SharedDocuments.folder != nil)) struct RealDocumentTests {
    private func read(_ name: String) async throws -> ParsedDocument {
        let folder = try #require(SharedDocuments.folder)
        return try await ParserRegistry().parse(folder.appending(path: name), name: name)
    }

    @Test func papersAndReports() async throws {
        let paper = try await read("layout-parser-paper-fast.pdf")
        #expect(paper.isSound && paper.pages.count == 2)
        #expect(paper.title == "LayoutParser: A Unified Toolkit for Deep Learning Based Document Image Analysis")
        #expect(paper.text.contains("complicate the easy reuse of important innovations by a wide audience"))
        let book = try await read("redp5110_sampled.pdf")
        #expect(book.isSound && book.pages.count == 18)
        #expect(book.title == "Row and Column Access Control Support in IBM DB2 for i")
        #expect(book.outline.contains("h2 1.1 Security fundamentals"))
        #expect(try await read("korean-text-with-tables.pdf").text.contains("빅포인트의 유효기간은 5년으로"))
        #expect(try await read("copy-protected.pdf").pages.count == 2)
        #expect(try await read("invalid-pdf-structure-pdfminer-one-page.pdf").text.contains("Cybersecurity"))
    }

    @Test func webAndOffice() async throws {
        let word = try await read("word_sample.docx")
        #expect(word.isSound && word.title == "Swimming in the lake" && word.outline.contains("li 2. Don’t forget to drink water"))
        let wiki = try await read("test_wikipedia.html")
        #expect(wiki.isSound && wiki.outline.contains("h2 History") && !wiki.text.contains("Afrikaans"))
        #expect(try await read("fake-html-cp1252.html").text.contains("Der Preis betrug 15,50 €."))
        #expect(try await read("wiki.md").title == "IBM")
        #expect(try await read("norwich-city.txt").isSound)
    }

    @Test func mail() async throws {
        let message = try await read("email-no-utf8-2008-07-16.062410.eml")
        #expect(message.isSound && message.title == "RE: שלום" && message.metadata.author?.contains("eryzxx@post.tau.ac.il") == true)
        #expect(message.text.contains("Date: Wed, 16 Jul 2008 09:24:06 +0300") && message.text.contains("סלבה היקר,"))
        #expect(message.text.replacing("\n", with: " ").contains("שנערכה בידי חברה וממונה עליי"))
    }

    @Test func scans() async throws {
        let turned = try await read("ocr_test_rotated_90.pdf")
        #expect(
            turned.isSound && turned.text.contains("Docling bundles PDF document conversion to JSON and Markdown in an easy self contained")
        )
        let report = try await read("MEDRPT-2024-PAT-3847_medical_report_scan.pdf")
        #expect(report.isSound && report.pages.count == 3)
        #expect(report.text.contains("Jonathan Michael Harrison") && report.text.contains("MEDRPT-2024-PAT-3847"))
        #expect(report.warnings.contains { $0.hasPrefix("Pages 1–3 were read by OCR (") })
    }

    @Test(arguments: [
        ("password.pdf", ErrorCode.documentEncrypted), ("test.pptx", .documentUnsupported), ("test.xlsx", .documentUnsupported),
        ("winter-sports.epub", .documentUnsupported),
    ]) func refused(name: String, code: ErrorCode) async {
        #expect(await errorCode { _ = try await read(name) } == code)
    }
}
