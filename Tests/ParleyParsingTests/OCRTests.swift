import Foundation
import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyParsing

/// Pictures of pages, made of PDF files with text, whose text is what has to come out.
@Suite(.enabled(if: ConverterProcess.isInstalled(Tesseract.program))) struct OCRTests {
    private static let lines = [
        "The harbour office opens at nine in the morning and closes at five in the",
        "afternoon, except on Fridays, when everybody leaves at noon. Visitors sign",
        "the book at the gate and wait in the hall until the keeper of the archive",
        "comes down. Boats longer than 24 metres pay a fee of 310 euros for each day.",
    ]
    private static let text = lines.joined(separator: " ")
    private static let page = lines.enumerated().map { (text: $1, size: 12, top: 150 + 16 * $0) }

    /// A picture of a page with these lines.
    static func picture(_ format: String, _ pdf: [UInt8] = Fixture.pdf([page]), resolution: Int = 200) async throws -> [UInt8] {
        try await withFile(pdf) { file in
            let arguments = ["-\(format)", "-gray", "-r", "\(resolution)", "-singlefile", file.path, "page"]
            return try await ConverterProcess("pdftoppm").run(arguments) { outcome in
                let names = try FileManager.default.contentsOfDirectory(atPath: outcome.folder.path)
                let name = try #require(names.first { $0.hasPrefix("page") })
                return [UInt8](try Data(contentsOf: outcome.folder.appending(path: name)))
            }
        }
    }

    private func size(_ picture: [UInt8], _ type: String) throws -> PictureSize { try #require(PictureSize.pages(picture, as: type).first) }

    @Test(arguments: ["png", "jpeg", "tiff"]) func aPictureIsADocument(_ format: String) async throws {
        let picture = try await Self.picture(format)
        #expect(try size(picture, "image/" + format) == PictureSize(width: 1700, height: 2200))
        let document = try await parse(picture, "scan")
        #expect(document.isSound && document.pages.isEmpty)
        #expect(document.text == Self.text)
        #expect(document.warnings == ["The picture was read by OCR (eng)."] || document.warnings.first?.contains("OCR (eng, deu") == true)
    }

    @Test(arguments: [0.0, 2, -2, 90, 180, 270]) func turnedAndSkewedScans(_ degrees: Double) async throws {
        let picture = try await Self.picture("jpeg")
        let document = try await parse(Fixture.scan(picture, width: 1700, height: 2200, turned: degrees), "scan.pdf")
        #expect(document.isSound && document.pages.count == 1)
        // What is skewed may lose a blank or a capital, each of which counts twice or three times.
        let (read, written) = (document.text.split(separator: " "), Self.text.split(separator: " "))
        #expect(read.difference(from: written).count <= (degrees.magnitude == 2 ? 8 : 0), "\(document.text)")
    }

    @Test func aPageWithoutTextIsReadAmongOthers() async throws {
        let scan = Fixture.scan(try await Self.picture("jpeg"), width: 1700, height: 2200)
        let digital = Fixture.pdf([[("This page has a text layer of its own, which nobody has to guess.", 12, 200)], []])
        let document = try await withFile(scan, "a.pdf") { first in
            try await withFile(digital, "b.pdf") { second in
                try await ConverterProcess("pdfunite").run([second.path, first.path, "both.pdf"]) { outcome in
                    try await parse([UInt8](try Data(contentsOf: outcome.folder.appending(path: "both.pdf"))))
                }
            }
        }
        #expect(document.isSound && document.pages.count == 3)
        #expect(document.text == "This page has a text layer of its own, which nobody has to guess.\n\n" + Self.text)
        #expect(document.blocks.map(\.page) == [1, 3])
        #expect(
            document.warnings == [
                "Page 3 was read by OCR (eng).", "1 of 3 pages have no text layer and could not be read: 2.",
            ] || document.warnings.first?.hasPrefix("Page 3 was read by OCR (") == true)
    }

    @Test func languagesAreFound() async throws {
        let german = [
            "Das Amt am Hafen wird um neun ge\\366ffnet und schlie\\337t um f\\374nf Uhr am",
            "Nachmittag; au\\337er freitags, wenn alle schon am Mittag gehen. G\\344ste",
            "tragen sich am Tor in das Buch ein und warten in der gro\\337en Halle.",
        ]
        let encoded = Fixture.pdf([german.enumerated().map { (text: $1, size: 12, top: 150 + 16 * $0) }], encoding: "WinAnsiEncoding")
        let document = try await parse(try await Self.picture("png", encoded))
        #expect(document.text.contains("wird um neun geöffnet und schließt um fünf Uhr am Nachmittag"))
        #expect(document.text.contains("in der großen Halle"))
    }

    @Test func bombsAreRefusedByTheirHead() async throws {
        var picture = try await Self.picture("png")
        picture.replaceSubrange(16..<24, with: [0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50])
        let error = await #expect(throws: ParleyError.self) { _ = try await parse(picture, "bomb.png") }
        #expect(error?.code == .documentTooComplex && error?.message.contains("50000 × 50000 pixels") == true)
        #expect(await errorCode { _ = try await parse(Array(picture.prefix(20)), "cut.png") } == .documentDamaged)
        let blank = try await Self.picture("png", Fixture.pdf([[]]))
        #expect(await errorCode { _ = try await parse(blank, "blank.png") } == .documentNoText)
    }

    @Test func headsThatLieEndNothing() async throws {
        var random = Mulberry(seed: 11)
        for (format, type) in [("png", "image/png"), ("jpeg", "image/jpeg"), ("tiff", "image/tiff")] {
            let picture = try await Self.picture(format, resolution: 20)
            for _ in 0..<300 {
                _ = PictureSize.pages(random.mutated(Array(picture.prefix(400))), as: type)
                _ = PictureSize.pages(random.mutated(picture), as: type)
            }
        }
        let webp = Array("RIFF0000WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 0x4F, 0xC3, 0, 0x4F, 0xC3, 0]
        #expect(PictureSize.pages(webp, as: "image/webp") == [PictureSize(width: 50_000, height: 50_000)])
        for length in 0..<webp.count { #expect(PictureSize.pages(Array(webp.prefix(length)), as: "image/webp").isEmpty) }
    }

    @Test func hocrOfAnyKindIsBorne() {
        var random = Mulberry(seed: 3)
        let seed = Array(
            "<div class='ocr_page' title='bbox 0 0 3509 2481'><p class='ocr_par' lang='eng'><span class='ocr_line' title='textangle 90; x_size 79'><span class='ocrx_word' title='bbox 325 1879 403 2172; x_wconf 91'>Docling</span></span></p></div>"
                .utf8)
        for _ in 0..<2000 { _ = OCRPage(hocr: random.mutated(seed), scale: 0.24) }
        #expect(OCRPage(hocr: seed, scale: 1).lines.map(\.text) == ["Docling"])
        #expect(OCRPage(hocr: Array("<span class='ocrx_word' title='bbox nan 1e999 0 0'>x</span>".utf8), scale: 1).lines.isEmpty)
    }

    @Test func whenTheTimeIsOverTheRestIsNamed() async throws {
        let scan = Fixture.scan(try await Self.picture("jpeg"), width: 1700, height: 2200)
        var limits = ParsingLimits()
        limits.ocrLanguages = ["eng", "xyz"]
        let document = try await parse(scan, limits: limits)
        #expect(document.warnings == ["Page 1 was read by OCR (eng).", "Languages of OCR that are set but not installed: xyz."])
        var work = try await OCRWork(limits, until: .now)
        #expect(try await work.page(4) { _ in nil } == nil)
        #expect(work.notes("page").first?.hasPrefix("Page 4 was not read: the time for one document was over.") == true)
    }

    @Test func pagesAreNamedInRuns() {
        #expect(OCRWork.list([3, 1, 2, 7, 9, 10], "page") == "Pages 1–3, 7, 9–10 were")
        #expect(OCRWork.list([3], "page") == "Page 3 was")
    }
}

/// How much of the words of real documents comes through a scan. Prints the figures of docs/reading.md.
@Suite(.enabled(if: SharedDocuments.folder != nil && ConverterProcess.isInstalled(Tesseract.program)), .serialized) struct ScanAccuracyTests
{
    /// Documents and the pages of them that are scanned.
    private static let samples = [
        ("redp5110_sampled.pdf", [4, 6, 8, 12]), ("layout-parser-paper-fast.pdf", [1, 2]), ("DA-619p.pdf", [20, 60, 200]),
    ]

    @Test(arguments: [(150, 0.0), (300, 0), (300, 2), (300, 90)]) func wordsComeThrough(resolution: Int, degrees: Double) async throws {
        var (found, all, made) = (0, 0, 0)
        let begun = ContinuousClock.now
        var pages = 0
        for (name, numbers) in Self.samples {
            let file = try #require(SharedDocuments.folder).appending(path: name)
            for number in numbers {
                let picture = try await converted(
                    "pdftoppm",
                    ["-jpeg", "-gray", "-r", "\(resolution)", "-f", "\(number)", "-l", "\(number)", "-singlefile", file.path, "page"],
                    "page.jpg")
                let size = try #require(PictureSize.pages(picture, as: "image/jpeg").first)
                let reference = Self.words(
                    String(
                        decoding: try await converted(
                            "pdftotext", ["-f", "\(number)", "-l", "\(number)", file.path, "page.txt"], "page.txt"), as: UTF8.self))
                let read = Self.words(
                    try await parse(Fixture.scan(picture, width: size.width, height: size.height, turned: degrees), "scan.pdf").text)
                found += reference.reduce(0) { $0 + min($1.value, read[$1.key, default: 0]) }
                all += reference.values.reduce(0, +)
                made += read.values.reduce(0, +)
                pages += 1
            }
        }
        let (recall, precision) = (Double(found) / Double(all), Double(found) / Double(made))
        print(
            "OCR \(resolution) dpi, \(degrees)°: \(pages) pages, \(all) words, recall \(recall), precision \(precision), \((.now - begun) / pages) a page"
        )
        #expect(recall >= 0.97 && precision >= 0.97)
    }

    private func converted(_ program: String, _ arguments: [String], _ name: String) async throws -> [UInt8] {
        try await ConverterProcess(program).run(arguments) { [UInt8](try Data(contentsOf: $0.folder.appending(path: name))) }
    }

    /// Runs of letters and digits, each with its count; a word broken at a line's end counts as its parts.
    private static func words(_ text: String) -> [String: Int] {
        let joined = text.replacing("-\n", with: "").replacing("\u{AD}\n", with: "")
        let words = joined.lowercased().split { !$0.isLetter && !$0.isNumber }
        return Dictionary(words.map { (String($0), 1) }, uniquingKeysWith: +)
    }
}
