import ParleyCore

/// What a reading process answers.
enum ReadingReply: Sendable {
    case document(ParsedDocument)
    /// By the error's code.
    case failure(code: String, message: String)

    var bytes: [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .document(let document):
            writer.write(1 as UInt32)
            document.write(to: &writer)
        case .failure(let code, let message):
            writer.write(0 as UInt32)
            writer.write(code)
            writer.write(message)
        }
        return writer.bytes
    }

    /// - Throws: `ByteReader.Malformed` for anything that no reading process writes: the process may have been taken over by its file.
    init(_ bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        self =
            try reader.uint32() == 1
            ? .document(try ParsedDocument(&reader)) : .failure(code: try reader.string(), message: try reader.string())
        guard reader.isAtEnd else { throw ByteReader.Malformed() }
    }
}

extension ParsedDocument {
    fileprivate func write(to writer: inout ByteWriter) {
        writer.write(text)
        writer.write(blocks.count)
        for block in blocks {
            writer.write(block.kind.code)
            writer.write(UInt32(clamping: block.from))
            writer.write(UInt32(clamping: block.to))
            writer.write(block.page.map { UInt32(clamping: $0) } ?? UInt32.max)
        }
        writer.write(pages.count)
        for page in pages { for value in [page.number, page.from, page.to] { writer.write(UInt32(clamping: value)) } }
        writer.write(title)
        writer.write(metadata.author)
        writer.write(metadata.created?.description)
        writer.write(language)
        writer.write(warnings.count)
        for warning in warnings { writer.write(warning) }
    }

    fileprivate init(_ reader: inout ByteReader) throws {
        let text = try reader.string()
        let length = text.unicodeScalars.count
        let blocks = try Self.list(&reader) { reader in
            let kind = try reader.uint32()
            let (from, to) = (Int(try reader.uint32()), Int(try reader.uint32()))
            let page = try reader.uint32()
            guard let kind = Kind(code: kind) else { throw ByteReader.Malformed() }
            return Block(kind: kind, from: from, to: to, page: page == .max ? nil : Int(page))
        }
        let pages = try Self.list(&reader) { reader in
            Page(number: Int(try reader.uint32()), from: Int(try reader.uint32()), to: Int(try reader.uint32()))
        }
        guard Self.isOrdered(blocks.map { ($0.from, $0.to) }, length), Self.isOrdered(pages.map { ($0.from, $0.to) }, length) else {
            throw ByteReader.Malformed()
        }
        let title = try reader.optionalString()
        let author = try reader.optionalString()
        let created = try reader.optionalString().flatMap { Timestamp(rfc3339: $0) }
        let language = try reader.optionalString()
        self.init(
            text: text, length: length, blocks: blocks, pages: pages, title: title, metadata: Metadata(author: author, created: created),
            language: language, warnings: try Self.list(&reader) { try $0.string() })
    }

    private static func list<Element>(_ reader: inout ByteReader, _ element: (inout ByteReader) throws -> Element) throws -> [Element] {
        let count = try reader.int()
        guard count >= 0 else { throw ByteReader.Malformed() }
        var list: [Element] = []
        // Not reserved: the count is only believed as far as there is something to read.
        for _ in 0..<count { list.append(try element(&reader)) }
        return list
    }

    /// Spans that rise, do not overlap and lie within the text.
    private static func isOrdered(_ spans: [(from: Int, to: Int)], _ length: Int) -> Bool {
        var end = 0
        for span in spans {
            guard span.from >= end, span.to >= span.from, span.to <= length else { return false }
            end = span.to
        }
        return true
    }
}

extension ParsedDocument.Kind {
    fileprivate var code: UInt32 {
        switch self {
        case .paragraph: 0
        case .listItem: 1
        case .table(let hasHeader): hasHeader ? 3 : 2
        case .code: 4
        case .quote: 5
        case .caption: 6
        case .heading(let level): 10 + UInt32(clamping: level)
        }
    }

    fileprivate init?(code: UInt32) {
        switch code {
        case 0: self = .paragraph
        case 1: self = .listItem
        case 2, 3: self = .table(hasHeader: code == 3)
        case 4: self = .code
        case 5: self = .quote
        case 6: self = .caption
        case 11...16: self = .heading(level: Int(code) - 10)
        default: return nil
        }
    }
}
