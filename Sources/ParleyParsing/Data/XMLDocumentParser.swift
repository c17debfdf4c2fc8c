public import Foundation
import ParleyCore

/// XML of any kind. Texts are read as texts; data stand as they are written where they stand on lines, and as names with their values
/// where they do not. Runs in process: two passes without recursion, and nothing expands.
public struct XMLDocumentParser: DocumentParser {
    public let mediaTypes: Set<String> = [DetectedType.xml]
    /// A line that people write.
    private static let longestLine = 1000

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        try await onWorkerThread {
            let bytes = try FileBytes.all(file, limit: limits.textBytes)
            let decoded = TextDecoder.decode(bytes, declared: CharsetName.declared(in: bytes))
            var builder = ParsedDocumentBuilder(limits)
            builder.warnings = decoded.warning.map { [$0] } ?? []
            let text = builder.withoutFiles(decoded.text)
            let shape = XMLShape(text)
            let isOnLines = text.utf8.split(separator: 0x0A).allSatisfy { $0.count <= Self.longestLine } && text.utf8.contains(0x0A)
            if shape.isProse || !isOnLines {
                var reader = XMLReader(shape, builder)
                var tokens = MarkupTokenizer(text, .xml)
                while let token = tokens.next() { reader.take(token) }
                builder = reader.finish()
            } else {
                JSONDocumentParser.asItStands(text, &builder)
            }
            return try builder.build()
        }
    }
}

/// Which elements of an XML text hold text themselves, and whether it is one to be read.
struct XMLShape {
    /// Names of elements with text of their own.
    private(set) var textual: Set<String> = []
    private var (letters, longLetters) = (0, 0)
    /// Whether text and elements stand side by side somewhere.
    private var isMixed = false
    private static let (mostNames, long) = (10_000, 60)

    /// Texts of sentences rather than values.
    var isProse: Bool { longLetters * 10 > letters * (isMixed ? 5 : 8) }

    init(_ text: String) {
        var tokens = MarkupTokenizer(text, .xml)
        var open: [(name: String, hasText: Bool, hasElements: Bool)] = []
        while let token = tokens.next() {
            let last = open.count - 1
            switch token {
            case .start(let name, _, let isEmpty):
                if last >= 0 {
                    open[last].hasElements = true
                    isMixed = isMixed || open[last].hasText
                }
                if !isEmpty { open.append((name, false, false)) }
            case .end(let name): if last >= 0, open[last].name == name { open.removeLast() }
            case .text(let part):
                guard last >= 0, part.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { continue }
                open[last].hasText = true
                isMixed = isMixed || open[last].hasElements
                if textual.count < Self.mostNames { textual.insert(open[last].name) }
                letters += part.utf8.count
                if part.utf8.count >= Self.long { longLetters += part.utf8.count }
            }
        }
    }
}

/// Writes the elements with text as paragraphs, or as `name: value`.
struct XMLReader {
    private static let headings: Set<String> = ["title", "head", "heading", "subtitle", "h1", "h2", "h3", "h4", "h5", "h6"]
    private static let (longest, mostAttributes) = (20_000, 20)

    private let shape: XMLShape
    private var builder: ParsedDocumentBuilder
    private var open: [String] = []
    /// The height of the element whose text is collected, and the text.
    private var collecting: (depth: Int, head: String)?
    private var text = ""
    /// Lines of one record.
    private var record: [String] = []

    init(_ shape: XMLShape, _ builder: ParsedDocumentBuilder) { (self.shape, self.builder) = (shape, builder) }

    mutating func take(_ token: MarkupToken) {
        switch token {
        case .text(let part):
            guard collecting != nil else { break }
            text += part
            if text.utf8.count > Self.longest { endText(name: open.last ?? "") }
        case .start(let name, let attributes, let isEmpty):
            let head = name + Self.described(attributes)
            if collecting == nil, !isEmpty, shape.textual.contains(name) {
                collecting = (open.count, head)
            } else if collecting == nil, !shape.isProse {
                if !isEmpty { endRecord() }
                record.append(head)
            }
            if !isEmpty { open.append(name) }
        case .end(let name): end(name)
        }
    }

    private mutating func end(_ name: String) {
        guard open.last == name else { return }
        open.removeLast()
        if collecting?.depth == open.count {
            endText(name: name)
            collecting = nil
        } else if collecting == nil {
            endRecord()
        }
    }

    private mutating func endText(name: String) {
        defer { text = "" }
        let line = TextCleaner.line(text)
        guard !line.isEmpty, let collecting else { return }
        guard shape.isProse else { return record.append("\(collecting.head): \(line)") }
        let local = name.split(separator: ":").last.map { $0.lowercased() } ?? ""
        if Self.headings.contains(local) {
            builder.append(.heading(level: min(max(collecting.depth - 1, 1), 6)), line)
        } else {
            builder.append(local == "item" || local == "li" || local == "listitem" ? .listItem : .paragraph, line)
        }
    }

    private mutating func endRecord() {
        if !record.isEmpty { builder.append(.paragraph, record.joined(separator: "\n")) }
        record = []
    }

    private static func described(_ attributes: [String: String]) -> String {
        let kept = attributes.filter { !$0.key.hasPrefix("xmlns") && !$0.value.isEmpty }.sorted { $0.key < $1.key }.prefix(mostAttributes)
        return kept.isEmpty ? "" : " (" + kept.map { "\($0): \(TextCleaner.line($1))" }.joined(separator: ", ") + ")"
    }

    mutating func finish() -> ParsedDocumentBuilder {
        endText(name: open.last ?? "")
        endRecord()
        return builder
    }
}
