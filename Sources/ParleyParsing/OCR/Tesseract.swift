import Foundation
import ParleyCore

/// Reads pictures of text by Tesseract in a limited child process.
struct Tesseract: Sendable {
    static let program = "tesseract"

    /// What it reads, of those that the settings name: `eng`, `deu`.
    let languages: [String]
    /// Of the settings, those whose data is not installed.
    let missing: [String]
    private let tellsOrientation: Bool
    private let limits: ParsingLimits

    /// - Throws: `converter.missing` when it, or the data of every language, is not installed.
    init(_ limits: ParsingLimits) async throws {
        self.limits = limits
        let installed = try await Self.converter(limits, seconds: limits.seconds).run(["--list-langs"]) { outcome in
            let list = String(decoding: try FileBytes.head(outcome.output, 1 << 16), as: UTF8.self)
            return Set(list.split(separator: "\n").map(String.init))
        }
        languages = limits.ocrLanguages.filter(installed.contains)
        missing = limits.ocrLanguages.filter { !installed.contains($0) }
        tellsOrientation = installed.contains("osd")
        guard !languages.isEmpty else {
            throw ParleyError(
                .converterMissing,
                "The document has to be read by OCR, and none of the languages for it (\(missing.joined(separator: ", "))) is installed; ask the operator to install one (Debian: tesseract-ocr-eng), then retry."
            )
        }
    }

    /// The text of one picture. Turned pages are put upright.
    /// - Parameters:
    ///   - image: a picture whose head has been looked at: given anything else, Tesseract takes its lines for names of files.
    ///   - page: of a file with several, from 0.
    ///   - likely: the languages to try; all when there are none.
    ///   - scale: points of a pixel.
    func read(_ image: URL, page: Int? = nil, likely: [String] = [], scale: Double, seconds: Int) async throws -> OCRPage {
        let place = page.map { ["-c", "tessedit_page_number=\($0)"] } ?? []
        let words = ["-l", (likely.isEmpty ? languages : likely).joined(separator: "+")] + place
        let first = try await run([image.path, "stdout", "--psm", tellsOrientation ? "1" : "3"] + words, scale, seconds)
        // What was turned wrongly reads like nothing.
        if first.isTurned, tellsOrientation, first.confidence < Self.doubtful {
            let second = try await run([image.path, "stdout", "--psm", "3"] + words, scale, seconds)
            return second.confidence > first.confidence ? second : first
        }
        // A table between rules is taken for a picture, unless the page is read line by line.
        guard !first.pictures.isEmpty else { return first }
        let rows = try await run([image.path, "stdout", "--psm", "6"] + words, scale, seconds, within: first.pictures)
        return first.filled(with: rows, scale: scale)
    }

    private static let doubtful = 70.0

    private func run(
        _ arguments: [String], _ scale: Double, _ seconds: Int, within parts: [HOCRReader.Box]? = nil
    ) async throws -> OCRPage {
        try await Self.converter(limits, seconds: seconds).run(arguments + ["hocr"]) { outcome in
            guard outcome.end == .exit(0) else { throw Failure(end: outcome.end, messages: String(outcome.messages.prefix(2000))) }
            let bytes = try FileBytes.all(outcome.output, limit: Self.mostOutput)
            return try await onWorkerThread {
                parts.map { OCRPage(hocr: bytes, scale: scale, within: $0) } ?? OCRPage(hocr: bytes, scale: scale)
            }
        }
    }

    /// Bytes that the words of a page may take with their boxes.
    private static let mostOutput = 64 << 20

    private static func converter(_ limits: ParsingLimits, seconds: Int) -> ConverterProcess {
        var allowed = ConverterProcess.Limits()
        (allowed.seconds, allowed.memory, allowed.fileSize) = (max(seconds, 1), limits.memory, min(limits.outputBytes, mostOutput))
        // Threads of its own would each need their share of the memory, and more than one processor.
        return ConverterProcess(program, limits: allowed, leadsGroup: false, environment: ["OMP_THREAD_LIMIT": "1"])
    }

    /// Why a picture could not be read.
    struct Failure: Error {
        let end: ConverterProcess.End
        let messages: String
    }
}
