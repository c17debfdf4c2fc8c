import Foundation
import ParleyCore

@testable import ParleyParsing

/// Writes bytes to a file for the time of a body.
func withFile<T>(_ bytes: [UInt8], _ name: String = "file", _ body: (URL) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: "parley-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data(bytes).write(to: file)
    return try await body(file)
}

func parse(_ bytes: [UInt8], _ name: String = "file", limits: ParsingLimits = .standard) async throws -> ParsedDocument {
    try await withFile(bytes, name) { try await ParserRegistry().parse($0, name: name, limits: limits) }
}

/// The code of the error that the body throws; nil when it throws none of ours.
func errorCode(_ body: () async throws -> Void) async -> ErrorCode? {
    do {
        try await body()
        return nil
    } catch { return (error as? ParleyError)?.code }
}

extension ParsedDocument {
    var outline: [String] { blocks.map { "\($0.kind.short) \(text(of: $0))" } }

    /// Spans in order, disjoint, within the text, exact at both ends, with white space between.
    var isSound: Bool {
        let scalars = Array(text.unicodeScalars)
        var end = 0
        for block in blocks {
            guard block.from >= end, block.to > block.from, block.to <= scalars.count else { return false }
            guard scalars[end..<block.from].allSatisfy(\.properties.isWhitespace) else { return false }
            guard block.kind == .code || !scalars[block.from].properties.isWhitespace else { return false }
            end = block.to
        }
        let pagesRise = zip(pages, pages.dropFirst()).allSatisfy { $0.to <= $1.from && $0.number + 1 == $1.number }
        return scalars.count == length && pagesRise && !scalars.contains { $0.value == 0 || $0 == "\r" }
    }
}

extension ParsedDocument.Kind {
    var short: String {
        switch self {
        case .heading(let level): "h\(level)"
        case .paragraph: "p"
        case .listItem: "li"
        case .table(let hasHeader): hasHeader ? "th" : "td"
        case .code: "code"
        case .quote: "quote"
        case .caption: "caption"
        }
    }
}
