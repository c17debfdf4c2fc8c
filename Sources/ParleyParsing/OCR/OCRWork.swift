import Foundation
import ParleyCore

/// The pages of one document that are read by OCR: how long there is, what is likely, and what is told of it.
struct OCRWork {
    /// Most pixels of a page. A page of A2 has as many at the usual resolution.
    static let mostPixels = 40_000_000
    /// Dots per inch at which pages are drawn.
    static let resolution = 300.0
    private static let (longestPage, unsure) = (60, 75.0)

    private let tesseract: Tesseract
    private let deadline: ContinuousClock.Instant
    private var languages: [String: Int] = [:]
    private var (read, doubtful, unread, late): ([Int], [Int], [Int], [Int]) = ([], [], [], [])

    /// - Parameter deadline: when nothing more is begun.
    /// - Throws: `converter.missing`.
    init(_ limits: ParsingLimits, until deadline: ContinuousClock.Instant) async throws {
        (tesseract, self.deadline) = (try await Tesseract(limits), deadline)
    }

    /// When to stop, so that what was read by then is kept.
    static func deadline(_ limits: ParsingLimits) -> ContinuousClock.Instant {
        .now + .seconds(limits.seconds.multipliedClamped(by: 4) / 5)
    }

    private var secondsLeft: Int { Int((deadline - .now).components.seconds) }

    /// The page that `body` gives the picture of; nil when it could not be read, which is noted.
    /// - Parameter body: is given what reads a picture, and how long drawing it may take.
    mutating func page(_ number: Int, _ body: (Reader) async throws -> OCRPage?) async throws -> OCRPage? {
        guard secondsLeft > 0 else {
            late.append(number)
            return nil
        }
        let seconds = min(secondsLeft, Self.longestPage)
        do {
            guard let page = try await body(Reader(tesseract: tesseract, likely: likely, seconds: seconds)) else { return nil }
            guard page.letters > 0 else { return page }
            for (language, letters) in page.languages { languages[language, default: 0] += letters }
            read.append(number)
            if page.confidence < Self.unsure { doubtful.append(number) }
            return page
        } catch is Tesseract.Failure {
            if secondsLeft > 0 { unread.append(number) } else { late.append(number) }
            return nil
        }
    }

    /// Reads a picture in the languages that the document has so far.
    struct Reader {
        fileprivate let tesseract: Tesseract
        fileprivate let likely: [String]
        let seconds: Int

        func read(_ image: URL, page: Int? = nil, scale: Double) async throws -> OCRPage {
            let found = try await tesseract.read(image, page: page, likely: likely, scale: scale, seconds: seconds)
            // A page in another language reads badly in those of the pages before it.
            guard !likely.isEmpty, likely.count < tesseract.languages.count, found.confidence < OCRWork.unsure else { return found }
            let again = try await tesseract.read(image, page: page, scale: scale, seconds: seconds)
            return again.confidence > found.confidence ? again : found
        }
    }

    /// The languages that hold a twentieth of the text or more, the commonest first; none before there is enough text.
    private var likely: [String] {
        let letters = languages.values.reduce(0, +)
        guard letters >= 500 else { return [] }
        return tesseract.languages.filter { languages[$0, default: 0] * 20 >= letters }.sorted {
            languages[$0, default: 0] > languages[$1, default: 0]
        }
    }

    /// What is told of the pages.
    /// - Parameter what: how they are called: `page`, or nil for a picture that is a document.
    func notes(_ what: String?) -> [String] {
        var notes: [String] = []
        if !read.isEmpty {
            let names = likely.isEmpty ? tesseract.languages : likely
            notes.append("\(Self.list(read, what)) read by OCR (\(names.joined(separator: ", "))).")
        }
        if !doubtful.isEmpty { notes.append("\(Self.list(doubtful, what)) read by OCR with low confidence; check the text.") }
        if !unread.isEmpty { notes.append("\(Self.list(unread, what)) not read: OCR failed.") }
        if !late.isEmpty {
            notes.append(
                "\(Self.list(late, what)) not read: the time for one document was over. Split it into parts, or ask the operator for a longer ingestion.max_time."
            )
        }
        if !tesseract.missing.isEmpty {
            notes.append("Languages of OCR that are set but not installed: \(tesseract.missing.joined(separator: ", ")).")
        }
        return notes
    }

    /// `Page 3 was`, `Pages 3, 5–9 were`.
    static func list(_ numbers: [Int], _ what: String?) -> String {
        guard let what else { return "The picture was" }
        guard numbers.count > 1 else { return "\(what.capitalized) \(numbers.first ?? 0) was" }
        var runs: [ClosedRange<Int>] = []
        for number in numbers.sorted() {
            if let last = runs.last, number == last.upperBound + 1 {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        let names = runs.prefix(20).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
        return "\(what.capitalized)s \(names.joined(separator: ", "))\(runs.count > 20 ? ", …" : "") were"
    }
}
