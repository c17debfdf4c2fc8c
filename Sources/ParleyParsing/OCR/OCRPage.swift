import ParleyCore

/// A page that was read by OCR.
struct OCRPage {
    /// In reading order, in points from the top left corner of the upright page.
    private(set) var lines: [PDFLine] = []
    private(set) var (width, height) = (0.0, 0.0)
    /// From 0 to 100: that of the words, by their letters.
    private(set) var confidence = 0.0
    /// Letters of the words in each language.
    private(set) var languages: [String: Int] = [:]
    /// Whether it did not stand upright.
    private(set) var isTurned = false
    /// Parts of an upright page that were taken for pictures, in pixels.
    private(set) var pictures: [HOCRReader.Box] = []

    /// Letters and digits of the text.
    var letters: Int { lines.reduce(0) { $0 + OCRPage.letters($1.text) } }

    static func letters(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.properties.isAlphabetic || $1.properties.numericType != nil ? 1 : 0) }
    }

    /// Reads hOCR, the form in which Tesseract tells words with their boxes.
    /// - Parameter scale: points of a pixel.
    init(hocr: [UInt8], scale: Double) {
        var reader = HOCRReader()
        var tokens = MarkupTokenizer(bytes: hocr, .xml)
        while let token = tokens.next() { reader.take(token) }
        let angle = reader.angle
        isTurned = angle != 0
        let size = angle == 90 || angle == 270 ? (reader.height, reader.width) : (reader.width, reader.height)
        (width, height) = (size.0 * scale, size.1 * scale)
        let upright = reader.lines.map { line in
            var line = line
            line.words = line.words.map { $0.turned(by: angle, width: reader.width, height: reader.height) }
            return line
        }
        // What is smaller is a sign, or a spot.
        if !isTurned { pictures = reader.pictures.filter { $0.area * 100 >= width * height / scale / scale } }
        let slope = HOCRReader.slope(upright)
        lines = upright.compactMap { $0.levelled(slope, scale: scale) }
        let words = upright.flatMap(\.words)
        let letters = words.reduce(0) { $0 + $1.letters }
        confidence = letters == 0 ? 0 : words.reduce(0) { $0 + $1.confidence * Double($1.letters) } / Double(letters)
        for word in words { languages[word.language, default: 0] += word.letters }
    }

    /// Reads only what stands within parts of a page, row by row: the cells of tables that were taken for pictures.
    init(hocr: [UInt8], scale: Double, within parts: [HOCRReader.Box]) {
        var reader = HOCRReader()
        var tokens = MarkupTokenizer(bytes: hocr, .xml)
        while let token = tokens.next() { reader.take(token) }
        let slope = HOCRReader.slope(reader.lines)
        for (number, part) in parts.enumerated() {
            let rows = reader.lines.map { line in
                var line = line
                line.words = line.words.filter { part.holds($0.box) }
                return line
            }.filter { !$0.words.isEmpty }
            let words = rows.flatMap(\.words)
            let letters = words.reduce(0) { $0 + $1.letters }
            let sure = words.filter { $0.confidence >= Self.sure }.reduce(0) { $0 + $1.letters }
            // Of a real picture hardly anything reads like words.
            guard sure * 10 >= letters * 7, letters > 0 else { continue }
            let size = rows.map(\.size).sorted()[rows.count / 2]
            for cell in rows.flatMap({ $0.cells(size) }) {
                var cell = cell
                cell.words = cell.words.filter { $0.confidence >= Self.sure }
                cell.paragraph = Self.firstPart + number
                if let line = cell.levelled(slope, scale: scale) { lines.append(line) }
            }
            for word in words { languages[word.language, default: 0] += word.letters }
        }
    }

    private static let (sure, firstPart) = (60.0, 1_000_000)

    /// With what was read within the parts taken for pictures, where that is more.
    /// - Parameter scale: points of a pixel.
    func filled(with other: OCRPage, scale: Double) -> OCRPage {
        var page = self
        for (number, part) in pictures.enumerated() {
            let new = other.lines.filter { $0.block == Self.firstPart + number }
            let isWithin = { (line: PDFLine) in
                part.holds(
                    HOCRReader.Box(left: line.left / scale, top: line.top / scale, right: line.right / scale, bottom: line.bottom / scale))
            }
            let old = page.lines.filter(isWithin)
            guard new.reduce(0, { $0 + Self.letters($1.text) }) > old.reduce(0, { $0 + Self.letters($1.text) }) else { continue }
            let place = page.lines.firstIndex { isWithin($0) || $0.top > part.top * scale } ?? page.lines.count
            let before = page.lines[..<place].filter { !isWithin($0) }
            page.lines = before + new + page.lines[place...].filter { !isWithin($0) }
        }
        return page
    }
}
