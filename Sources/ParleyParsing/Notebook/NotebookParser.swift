public import Foundation
import ParleyCore

/// Jupyter notebooks: cells in their order, code with what it printed. Pictures are counted.
public struct NotebookParser: DocumentParser {
    public let mediaTypes: Set<String> = [DetectedType.notebook]
    private static let format = JSONLimits(depth: 64, members: 100_000, name: 10_000, values: 5_000_000)
    /// Letters of one output; what a program prints can be without end.
    private static let longestOutput = 100_000

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        try await onWorkerThread {
            let decoded = TextDecoder.decode(try FileBytes.all(file, limit: limits.textBytes))
            var builder = ParsedDocumentBuilder(limits)
            builder.warnings = decoded.warning.map { [$0] } ?? []
            do throws(JSONError) {
                let notebook = try JSONValue(parsing: decoded.text.utf8, Self.format)
                write(notebook, to: &builder, limits)
            } catch {
                builder.warnings.append("The notebook is no JSON and stands as it is written: \(error).")
                JSONDocumentParser.asItStands(JSONEscapes.withLetters(decoded.text), &builder)
            }
            return try builder.build()
        }
    }

    private func write(_ notebook: JSONValue, to builder: inout ParsedDocumentBuilder, _ limits: ParsingLimits) {
        let sheets = notebook["worksheets"]?.array ?? []
        let cells = notebook["cells"]?.array ?? sheets.flatMap { $0["cells"]?.array ?? [] }
        if let title = notebook["metadata"]?["title"]?.string { builder.title = title }
        var (pictures, cut) = (0, 0)
        for cell in cells {
            let source = Self.text(cell["source"] ?? cell["input"])
            switch cell["cell_type"]?.string {
            case "markdown":
                if let document = try? MarkdownParser().parse(markdown: source, limits) { builder.append(document, below: 0) }
            case "heading": builder.append(.heading(level: min(max(Int(clamping: cell["level"]?.int ?? 1), 1), 6)), source)
            case "code":
                builder.append(.code, source)
                for output in cell["outputs"]?.array ?? [] { write(output: output, to: &builder, limits, &pictures, &cut) }
            default: builder.append(.paragraph, source)
            }
        }
        if pictures > 0 { builder.warnings.append("Pictures in the notebook were left out: \(pictures).") }
        if cut > 0 { builder.warnings.append("Outputs with more than \(Self.longestOutput) characters were cut: \(cut).") }
    }

    private func write(
        output: JSONValue, to builder: inout ParsedDocumentBuilder, _ limits: ParsingLimits, _ pictures: inout Int, _ cut: inout Int
    ) {
        let data = output["data"] ?? output
        pictures += (data.object ?? [:]).keys.count { $0.hasPrefix("image/") || ["png", "jpeg", "svg"].contains($0) }
        if output["output_type"]?.string == "error" || output["output_type"]?.string == "pyerr" {
            return builder.append(.code, "\(output["ename"]?.string ?? "Error"): \(output["evalue"]?.string ?? "")")
        }
        let html = Self.text(data["text/html"] ?? data["html"])
        // Of a table and its picture in letters the table.
        if html.contains("<table"), let document = try? HTMLParser().parse(fragment: html, limits), !document.blocks.isEmpty {
            return builder.append(document, below: 0)
        }
        let markdown = Self.text(data["text/markdown"])
        if !markdown.isEmpty, let document = try? MarkdownParser().parse(markdown: markdown, limits) {
            return builder.append(document, below: 0)
        }
        let plain = TerminalText.plain(Self.text(output["text"] ?? data["text/plain"]))
        let kept = plain.unicodeScalars.prefix(Self.longestOutput)
        if kept.endIndex != plain.unicodeScalars.endIndex { cut += 1 }
        builder.append(.code, String(kept))
    }

    /// A text, or the lines of one.
    private static func text(_ value: JSONValue?) -> String {
        value?.string ?? (value?.array ?? []).compactMap(\.string).joined()
    }
}
