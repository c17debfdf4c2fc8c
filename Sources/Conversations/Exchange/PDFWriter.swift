import Foundation
public import ParleyCore
import Synchronization

/// Makes PDF of our own HTML with WeasyPrint, an optional program of Debian's, in a limited child process. The HTML is escaped and names nothing
/// to fetch; were it otherwise, every fetch is refused all the same.
final class PDFWriter: Sendable {
    private static let mostAtOnce = 2
    private static let longestInput = 16 << 20
    private static let script = """
        import sys
        from weasyprint import HTML
        def refuse(url): raise ValueError("nothing is fetched")
        HTML(string=open("thread.html", encoding="utf-8").read(), url_fetcher=refuse).write_pdf("thread.pdf")
        """

    private let program: String
    private let running = Mutex(0)

    /// - Parameter program: the Python that has the package `weasyprint`.
    init(program: String = "/usr/bin/python3") { self.program = program }

    /// - Throws: `export.pdf_missing`, `export.pdf_too_large`, `export.pdf_failed`; `unavailable` while too many are being made.
    func write(html: String) async throws -> [UInt8] {
        guard html.utf8.count <= Self.longestInput else { throw Self.tooLarge }
        guard ConverterProcess.isInstalled(program) else { throw Self.missing(nil) }
        guard begin() else {
            throw ParleyError(.unavailable, "Other PDF files are being made. Try again in a moment.", retryAfter: .seconds(2))
        }
        defer { running.withLock { $0 -= 1 } }
        return try await ConverterProcess(program, limits: Self.limits).run(
            ["-I", "-c", Self.script], files: ["thread.html": Array(html.utf8)]
        ) { outcome in
            guard outcome.end == .exit(0) else { throw Self.failure(outcome) }
            return Array(try Data(contentsOf: outcome.folder.appending(path: "thread.pdf")))
        }
    }

    private func begin() -> Bool {
        running.withLock { count in
            guard count < Self.mostAtOnce else { return false }
            count += 1
            return true
        }
    }

    private static var limits: ConverterProcess.Limits {
        var limits = ConverterProcess.Limits()
        (limits.seconds, limits.fileSize, limits.openFiles) = (60, 64 << 20, 64)
        return limits
    }

    private static var tooLarge: ParleyError {
        ParleyError(.exportTooLarge, "The thread is too long to be made into a PDF here. Take it as HTML, and print that from a browser.")
    }

    private static func missing(_ cause: (any Error)?) -> ParleyError {
        ParleyError(
            .exportPDFMissing,
            "The program that makes PDF is not installed on the server (Debian: weasyprint). Ask the operator to install it, or take HTML and print it.",
            cause: cause)
    }

    private static func failure(_ outcome: ConverterProcess.Outcome) -> ParleyError {
        if outcome.end == .tookTooLong || outcome.end == .wroteTooMuch { return tooLarge }
        let cause = WeasyPrintMessages(text: outcome.messages)
        if outcome.messages.contains("No module named 'weasyprint'") { return missing(cause) }
        if outcome.messages.contains("MemoryError") { return tooLarge }
        return ParleyError(.exportPDFFailed, "The thread could not be made into a PDF. Take it as HTML, and print that.", cause: cause)
    }
}

/// What the program said, for the log.
private struct WeasyPrintMessages: Error, CustomStringConvertible {
    let text: String
    var description: String { String(text.suffix(2000)) }
}

extension ErrorCode {
    public static let exportPDFMissing = Self("export.pdf_missing", .unavailable, "The program that makes PDF is not installed")
    public static let exportTooLarge = Self("export.pdf_too_large", .unprocessable, "The thread is too long for a PDF")
    public static let exportPDFFailed = Self("export.pdf_failed", .internalFailure, "The PDF could not be made")
}
