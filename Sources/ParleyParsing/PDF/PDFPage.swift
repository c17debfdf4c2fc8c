import Foundation
import ParleyCore

/// A line of a page with its box in points from the page's top left corner.
struct PDFLine: Hashable {
    /// Of a line that stands for a whole table, whose rows its text has.
    struct Table: Hashable { let hasHeader: Bool }

    let text: String
    let left: Double
    let top: Double
    let right: Double
    let bottom: Double
    /// The height of its tallest ordinary word: stands for the font's size.
    let size: Double
    /// Lines of one block have the same number; it counts up through the page.
    let block: Int
    var table: Table?

    /// Text that runs up or down the page.
    var isVertical: Bool { text.unicodeScalars.count > 2 && bottom - top > (right - left) * 2 }
}

/// A page's lines in reading order.
struct PDFPage {
    let number: Int
    let height: Double
    let width: Double
    var lines: [PDFLine]

    /// Reads what `pdftotext -tsv` wrote: level, page, paragraph, block, line, word, left, top, width, height, confidence, text.
    static func read(_ file: URL) throws -> [PDFPage] {
        let data = try Data(contentsOf: file, options: .mappedIfSafe)
        var reader = PDFPageReader()
        data.withUnsafeBytes { bytes in
            for line in bytes.split(separator: 0x0A) { reader.take([UInt8](line)) }
        }
        return reader.finish()
    }
}

/// Collects words into lines and lines into pages.
private struct PDFPageReader {
    private struct Word {
        let text: String
        let left: Double
        let top: Double
        let width: Double
        let height: Double
    }

    private var pages: [PDFPage] = []
    private var words: [Word] = []
    private var block = 0

    mutating func take(_ line: [UInt8]) {
        let fields = line.split(separator: 0x09, maxSplits: 11, omittingEmptySubsequences: false)
        guard fields.count == 12 else { return }
        switch fields[0].first {
        case UInt8(ascii: "1"): beginPage(fields)
        case UInt8(ascii: "3"): beginBlock(fields)
        case UInt8(ascii: "4"): endLine()
        case UInt8(ascii: "5"):
            guard let left = Self.number(fields[6]), let top = Self.number(fields[7]), let width = Self.number(fields[8]),
                let height = Self.number(fields[9])
            else { return }
            words.append(
                Word(
                    text: PDFGlyphs.clean(String(decoding: fields[11], as: UTF8.self)), left: left, top: top, width: width, height: height)
            )
        default: break
        }
    }

    private mutating func beginPage(_ fields: [ArraySlice<UInt8>]) {
        endLine()
        let number = Int(String(decoding: fields[1], as: UTF8.self)) ?? pages.count + 1
        pages.append(PDFPage(number: number, height: Self.number(fields[9]) ?? 0, width: Self.number(fields[8]) ?? 0, lines: []))
        block = 0
    }

    private mutating func beginBlock(_ fields: [ArraySlice<UInt8>]) {
        endLine()
        block += 1
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Double? {
        Double(String(decoding: field, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
    }

    private mutating func endLine() {
        defer { words.removeAll(keepingCapacity: true) }
        guard let first = words.first, !pages.isEmpty else { return }
        var text = first.text
        var (right, top, bottom) = (first.left + first.width, first.top, first.top + first.height)
        var left = first.left
        for (previous, word) in zip(words, words.dropFirst()) {
            let gap = word.left - (previous.left + previous.width)
            let isVertical = word.width * 2 < word.height && word.text.count > 2
            text += gap > 0.08 * min(word.height, previous.height) || gap < -word.height || isVertical ? " " + word.text : word.text
            (right, left) = (max(right, word.left + word.width), min(left, word.left))
            (top, bottom) = (min(top, word.top), max(bottom, word.top + word.height))
        }
        let line = PDFLine(
            text: PDFGlyphs.withoutLeaders(TextCleaner.normalise(text)), left: left, top: top, right: right, bottom: bottom, size: size,
            block: block)
        pages[pages.count - 1].lines.append(line)
    }

    /// The height that most letters of the line have.
    private var size: Double {
        var letters: [Int: Int] = [:]
        for word in words { letters[Int(rounding: word.height * 10), default: 0] += word.text.unicodeScalars.count }
        return Double(letters.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0) / 10
    }

    mutating func finish() -> [PDFPage] {
        endLine()
        return pages
    }
}
