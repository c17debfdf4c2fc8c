import Foundation
import ParleyCore

/// The pages of a PDF that have to be read by OCR: those without a text layer, those whose layer is hardly any beside a picture, and those
/// whose letters nobody can tell.
struct ScannedPages {
    /// Letters of a page that may be no more than its number or a stamp.
    private static let few = 20

    let file: URL
    let limits: ParsingLimits

    /// The pages with the text of those that were read.
    struct Result {
        var pages: [PDFPage]
        /// Pages that have no text now: blank ones, or pictures that could not be read.
        var bare: [Int]
        var notes: [String] = []
        /// Why nothing was tried.
        var refusal: ParleyError?
    }

    func read(_ pages: [PDFPage], until deadline: ContinuousClock.Instant) async throws -> Result {
        let bare = pages.filter { $0.lines.isEmpty }.map(\.number)
        var result = Result(pages: pages, bare: bare)
        let wanted = try await wanted(pages)
        guard !wanted.isEmpty else { return result }
        var work: OCRWork
        do {
            work = try await OCRWork(limits, until: deadline)
        } catch let error as ParleyError where error.code == .converterMissing {
            result.refusal = error
            return result
        }
        for index in pages.indices where wanted.contains(pages[index].number) {
            let page = pages[index]
            let found = try await work.page(page.number) { try await read(page, by: $0) }
            guard let found, found.letters > 0 else { continue }
            let letters = page.lines.reduce(0) { $0 + OCRPage.letters($1.text) }
            // A layer that says nearly the same has no mistakes.
            guard Self.isGarbled(page) || found.letters > 2 * letters else { continue }
            result.pages[index] = PDFPage(number: page.number, height: found.height, width: found.width, lines: found.lines)
        }
        result.bare = result.pages.filter { $0.lines.isEmpty }.map(\.number)
        result.notes = work.notes("page")
        return result
    }

    private func wanted(_ pages: [PDFPage]) async throws -> Set<Int> {
        let letters = pages.map { page in page.lines.reduce(0) { $0 + OCRPage.letters($1.text) } }
        let scant = zip(pages, letters).filter { (1..<Self.few).contains($1) }.map(\.0.number)
        let pictured = scant.isEmpty ? [] : try await pagesWithPictures().intersection(scant)
        return Set(zip(pages, letters).filter { $1 == 0 || Self.isGarbled($0) }.map(\.0.number)).union(pictured)
    }

    /// Whether a fifth of the letters are none, as of fonts that do not tell which letters their shapes are.
    private static func isGarbled(_ page: PDFPage) -> Bool {
        var (strange, all) = (0, 0)
        for scalar in page.lines.lazy.flatMap(\.text.unicodeScalars) where !scalar.properties.isWhitespace {
            all += 1
            if scalar.value == 0xFFFD || scalar.properties.generalCategory == .privateUse { strange += 1 }
        }
        return strange * 5 >= all && strange > 0
    }

    private func pagesWithPictures() async throws -> Set<Int> {
        try await converter("pdfimages").run(["-list", file.path]) { outcome in
            let list = String(decoding: try FileBytes.head(outcome.output, 4 << 20), as: UTF8.self)
            return Set(list.split(separator: "\n").dropFirst(2).compactMap { $0.split(separator: " ").first.flatMap { Int($0) } })
        }
    }

    /// Draws the page and reads it; nil when nothing is drawn on it.
    private func read(_ page: PDFPage, by reader: OCRWork.Reader) async throws -> OCRPage? {
        let resolution = resolution(page)
        let number = "\(page.number)"
        let arguments = ["-r", "\(resolution)", "-gray", "-f", number, "-l", number, "-singlefile", file.path, "page"]
        return try await converter("pdftoppm", seconds: reader.seconds).run(arguments) { outcome in
            guard outcome.end == .exit(0) else { throw Tesseract.Failure(end: outcome.end, messages: outcome.messages) }
            let picture = outcome.folder.appending(path: "page.pgm")
            guard try !Self.isPlain(picture) else { return nil }
            return try await reader.read(picture, scale: 72 / Double(resolution))
        }
    }

    /// Lower for a page so large that it would have too many pixels.
    private func resolution(_ page: PDFPage) -> Int {
        let inches = max(page.width, 1) / 72 * max(page.height, 1) / 72
        return max(Int(rounding: min(OCRWork.resolution, (Double(OCRWork.mostPixels) / inches).squareRoot())), 1)
    }

    /// Whether all pixels are the same.
    private static func isPlain(_ picture: URL) throws -> Bool {
        let data = try Data(contentsOf: picture, options: .mappedIfSafe)
        // Three lines stand before the pixels: the format, width and height, and the brightest value.
        guard let end = data.prefix(64).indices.filter({ data[$0] == 0x0A }).dropFirst(2).first else { return true }
        return data.withUnsafeBytes { bytes in
            guard bytes.count > end + 2, let first = bytes.baseAddress?.advanced(by: end + 1) else { return true }
            return memcmp(first, first.advanced(by: 1), bytes.count - end - 2) == 0
        }
    }

    private func converter(_ program: String, seconds: Int? = nil) -> ConverterProcess {
        var allowed = ConverterProcess.Limits()
        (allowed.seconds, allowed.memory, allowed.fileSize) = (max(seconds ?? limits.seconds, 1), limits.memory, limits.outputBytes)
        return ConverterProcess(program, limits: allowed, leadsGroup: false)
    }
}
