import ParleyCore

/// Collects the words of hOCR by lines and paragraphs.
struct HOCRReader {
    struct Word {
        var text = ""
        var language = ""
        var confidence = 0.0
        var box = Box()
        var letters: Int { OCRPage.letters(text) }
    }

    /// In pixels from the top left corner.
    struct Box: Equatable {
        var left = 0.0
        var top = 0.0
        var right = 0.0
        var bottom = 0.0
    }

    struct Line {
        var words: [Word] = []
        /// Degrees by which the text is turned, counterclockwise.
        var angle = 0
        /// From the foot of a `p` to the head of a `d`.
        var size = 0.0
        var paragraph = 0
    }

    private(set) var (width, height) = (0.0, 0.0)
    private(set) var lines: [Line] = []
    /// What was taken for pictures: tables between rules are too.
    private(set) var pictures: [Box] = []
    private var paragraph = 0
    private var language = ""
    private var word: Word?

    mutating func take(_ token: MarkupToken) {
        switch token {
        case .text(let text): word?.text += text
        case .end: endWord()
        case .start(_, let attributes, _):
            let properties = Self.properties(attributes["title"] ?? "")
            switch attributes["class"] {
            case "ocr_page": (width, height) = (Self.box(properties)?.right ?? 0, Self.box(properties)?.bottom ?? 0)
            case "ocr_par":
                paragraph += 1
                language = attributes["lang"] ?? ""
            case "ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat":
                let angle = Int(rounding: properties["textangle"]?.first ?? 0)
                lines.append(Line(angle: angle, size: properties["x_size"]?.first ?? 0, paragraph: paragraph))
            case "ocr_photo": if let box = Self.box(properties), pictures.count < Self.mostPictures { pictures.append(box) }
            case "ocrx_word":
                guard let box = Self.box(properties) else { break }
                word = Word(language: attributes["lang"] ?? language, confidence: properties["x_wconf"]?.first ?? 0, box: box)
            default: break
            }
        }
    }

    private mutating func endWord() {
        guard var ended = word else { return }
        word = nil
        ended.text = TextCleaner.line(ended.text)
        // Rules and spots are taken for signs.
        guard !lines.isEmpty, !ended.text.isEmpty, ended.letters > 0 || ended.confidence >= Self.sure else { return }
        lines[lines.count - 1].words.append(ended)
    }

    /// Above this a sign without letters is one.
    private static let sure = 60.0
    private static let mostPictures = 50

    /// `bbox 1 2 3 4; x_wconf 90` as lists of numbers by name.
    private static func properties(_ title: String) -> [String: [Double]] {
        var properties: [String: [Double]] = [:]
        for part in title.split(separator: ";") {
            let words = part.split(separator: " ")
            guard let name = words.first else { continue }
            properties[String(name)] = words.dropFirst().compactMap { Double($0).flatMap { $0.isFinite ? $0 : nil } }
        }
        return properties
    }

    private static func box(_ properties: [String: [Double]]) -> Box? {
        guard let numbers = properties["bbox"], numbers.count == 4 else { return nil }
        return Box(left: numbers[0], top: numbers[1], right: numbers[2], bottom: numbers[3])
    }

    /// How most of the text is turned: 0, 90, 180 or 270 degrees.
    var angle: Int {
        var letters: [Int: Int] = [:]
        for line in lines { letters[line.angle, default: 0] += line.words.reduce(0) { $0 + $1.letters } }
        let most = letters.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
        return [90, 180, 270].contains(most) ? most : 0
    }

    /// How far lines fall for each step to the right, of most of the text.
    static func slope(_ lines: [Line]) -> Double {
        let slopes = lines.compactMap { line -> Double? in
            guard let first = line.words.first?.box, let last = line.words.last?.box, last.left > first.right else { return nil }
            let run = last.left + last.right - first.left - first.right
            return (last.top + last.bottom - first.top - first.bottom) / max(run, 1)
        }.sorted()
        guard slopes.count > 2 else { return 0 }
        let middle = slopes[slopes.count / 2]
        return middle.magnitude < 0.2 ? middle : 0
    }
}

extension HOCRReader.Box {
    var area: Double { max(right - left, 0) * max(bottom - top, 0) }

    func holds(_ other: Self) -> Bool {
        let (across, down) = ((other.left + other.right) / 2, (other.top + other.bottom) / 2)
        return (left...max(left, right)).contains(across) && (top...max(top, bottom)).contains(down)
    }
}

extension HOCRReader.Word {
    /// Its box on the page turned upright.
    func turned(by angle: Int, width: Double, height: Double) -> Self {
        var word = self
        switch angle {
        case 90: word.box = .init(left: height - box.bottom, top: box.left, right: height - box.top, bottom: box.right)
        case 180: word.box = .init(left: width - box.right, top: height - box.bottom, right: width - box.left, bottom: height - box.top)
        case 270: word.box = .init(left: box.top, top: width - box.right, right: box.bottom, bottom: width - box.left)
        default: break
        }
        return word
    }
}

extension HOCRReader.Line {
    /// The words with room between them: the cells of a row.
    func cells(_ size: Double) -> [Self] {
        var cells: [Self] = []
        for word in words {
            if let last = cells.last?.words.last, word.box.left - last.box.right <= 1.2 * size {
                cells[cells.count - 1].words.append(word)
            } else {
                cells.append(Self(words: [word], angle: angle, size: size, paragraph: paragraph))
            }
        }
        return cells
    }

    /// The line as one of a page that was put straight; nil when it has no words.
    func levelled(_ slope: Double, scale: Double) -> PDFLine? {
        guard !words.isEmpty else { return nil }
        let boxes = words.map { word in
            let fall = slope * (word.box.left + word.box.right) / 2
            return HOCRReader.Box(
                left: word.box.left, top: word.box.top - fall, right: word.box.right, bottom: word.box.bottom - fall)
        }
        return PDFLine(
            text: words.map(\.text).joined(separator: " "), left: (boxes.map(\.left).min() ?? 0) * scale,
            top: (boxes.map(\.top).min() ?? 0) * scale, right: (boxes.map(\.right).max() ?? 0) * scale,
            bottom: (boxes.map(\.bottom).max() ?? 0) * scale, size: size * scale, block: paragraph)
    }
}
