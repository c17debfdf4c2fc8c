import Foundation
import ParleyCore

/// Reads files that stand within another, attachments of a message or members of an archive, each under a heading with its name. One that
/// cannot be read is named in the ledger and harms no other.
struct MemberReader {
    private let limits: ParsingLimits
    private let deadline: ContinuousClock.Instant
    private var left: Int
    /// Files that were not looked at, since there were too many.
    private var omitted = 0
    private var notes: [String] = []

    init(_ limits: ParsingLimits) {
        (self.limits, left) = (limits, limits.members)
        deadline = .now + .seconds(limits.seconds.multipliedClamped(by: 4) / 5)
    }

    /// What is told of the files.
    var warnings: [String] {
        omitted == 0 ? notes : notes + ["Of the files within this one \(limits.members) were read; left out: \(omitted)."]
    }

    mutating func note(_ sentence: String) { notes.append(sentence) }

    /// Whether another file may be read; one that may not is counted.
    mutating func takes() -> Bool {
        guard left > 0 else {
            omitted += 1
            return false
        }
        left -= 1
        return true
    }

    /// Adds the file's text below a heading of this level.
    /// - Throws: `CancellationError`.
    mutating func append(_ name: String, _ bytes: [UInt8], level: Int, to builder: inout ParsedDocumentBuilder) async throws {
        guard takes() else { return }
        let shown = Self.shown(name)
        do {
            let document = try await read(shown, bytes, room: limits.textLength - builder.count)
            builder.append(.heading(level: min(level, 6)), shown)
            builder.append(document, below: level)
            notes += document.warnings.map { "\(shown): \($0)" }
        } catch let error as ParleyError {
            notes.append("\(shown) was not read: \(error.message)")
        }
    }

    private func read(_ name: String, _ bytes: [UInt8], room: Int) async throws -> ParsedDocument {
        guard !bytes.isEmpty else { throw ParleyError(.uploadEmpty, "It is empty.") }
        var limits = limits
        limits.seconds = Int((deadline - .now).components.seconds)
        guard limits.seconds > 0 else { throw ParleyError(.documentTooComplex, "The time for one document was over.") }
        limits.nesting -= 1
        guard limits.nesting >= 0 else { throw ParleyError(.documentTooComplex, "It is nested too deeply.") }
        (limits.members, limits.textLength) = (limits.members / 4, max(room, 0))
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-member-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "member")
        try Data(bytes).write(to: file)
        return try await ParserRegistry().parse(file, name: name.split(separator: "/").last.map(String.init), limits: limits)
    }

    /// A name fit to be shown, of a length that one can read.
    static func shown(_ name: String) -> String {
        let line = TextCleaner.line(name)
        return line.isEmpty ? "File without a name" : String(line.unicodeScalars.suffix(200))
    }
}
