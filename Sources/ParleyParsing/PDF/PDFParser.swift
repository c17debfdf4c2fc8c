public import Foundation
import ParleyCore

/// PDF by Poppler's `pdftotext -tsv` in a limited child process: words with their boxes in reading order, from which paragraphs,
/// headings and pages are made here. Pages that are pictures are read by OCR.
public struct PDFParser: DocumentParser {
    public let mediaTypes: Set<String> = [DetectedType.pdf]

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        let deadline = OCRWork.deadline(limits)
        let info = try await run("pdfinfo", ["-enc", "UTF-8", "-isodates", file.path], limits) { outcome in
            PDFInfo(String(decoding: try FileBytes.head(outcome.output, 1 << 18), as: UTF8.self))
        }
        let (pages, repaired) = try await run("pdftotext", ["-tsv", "-enc", "UTF-8", file.path, "-"], limits) { outcome in
            let (output, repaired) = (outcome.output, outcome.messages.contains("rror"))
            return (try await onWorkerThread { try PDFPage.read(output) }, repaired)
        }
        let scans = try await ScannedPages(file: file, limits: limits).read(pages, until: deadline)
        return try await onWorkerThread { try layOut(scans, info, repaired: repaired, limits) }
    }

    private func layOut(_ scans: ScannedPages.Result, _ info: PDFInfo, repaired: Bool, _ limits: ParsingLimits) throws -> ParsedDocument {
        var document = PDFLayout(scans.pages).document(info, limits)
        guard !document.isEmpty else {
            if let refusal = scans.refusal { throw refusal }
            throw ParleyError(
                .documentNoText,
                (["The PDF has no text layer, and OCR found no text on its pages."] + scans.notes).joined(separator: " "))
        }
        document.warnings += scans.notes
        if !scans.bare.isEmpty { document.warnings.append(Self.bareWarning(scans.bare, of: scans.pages.count)) }
        if let refusal = scans.refusal { document.warnings.append(refusal.message) }
        if repaired { document.warnings.append("The PDF has structural errors; text may be missing.") }
        return try document.build()
    }

    private static func bareWarning(_ bare: [Int], of count: Int) -> String {
        let list = bare.prefix(20).map { String($0) }.joined(separator: ", ") + (bare.count > 20 ? ", …" : "")
        return "\(bare.count) of \(count) pages have no text layer and could not be read: \(list)."
    }

    private func run<T>(
        _ program: String, _ arguments: [String], _ limits: ParsingLimits, _ body: (ConverterProcess.Outcome) async throws -> T
    ) async throws -> T {
        var allowed = ConverterProcess.Limits()
        (allowed.seconds, allowed.memory, allowed.fileSize) = (limits.seconds, limits.memory, limits.outputBytes)
        return try await ConverterProcess(program, limits: allowed, leadsGroup: false).run(arguments) { outcome in
            guard outcome.end == .exit(0) else { throw Self.failure(outcome, limits) }
            return try await body(outcome)
        }
    }

    private static func failure(_ outcome: ConverterProcess.Outcome, _ limits: ParsingLimits) -> ParleyError {
        if outcome.end == .tookTooLong { return ParsingErrors.tooLong(limits) }
        if outcome.end == .wroteTooMuch { return ParsingErrors.tooMuchText(limits) }
        if outcome.messages.contains("Incorrect password") {
            return ParleyError(.documentEncrypted, "The PDF is protected by a password. Remove the protection and upload it again.")
        }
        if outcome.messages.contains("Out of memory") || outcome.messages.contains("bad_alloc") {
            return ParsingErrors.tooMuchMemory()
        }
        return ParleyError(
            .documentDamaged,
            "The PDF is damaged and no text could be recovered. Open it in a viewer, print it to a new PDF and upload that.",
            cause: ConverterFailure(end: outcome.end, messages: String(outcome.messages.prefix(2000))))
    }
}

/// What the converter said, for the log.
private struct ConverterFailure: Error {
    let end: ConverterProcess.End
    let messages: String
}
