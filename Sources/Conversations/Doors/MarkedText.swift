import ParleyCore

/// An answer's text as readers get it who see nothing but text: with a mark behind each sentence that the documents do not support, or not wholly.
/// Blocks of code stay as they are; behind a row of a table, the mark stands in its last cell. It is fed in the order of the answer's events, and
/// gives text out once it is known whether a mark belongs into it. Whatever the pieces it comes in, the text that it gives is the same.
struct MarkedText: Sendable {
    /// What stands behind a sentence; nothing behind one that the documents say.
    static let marks: [SupportVerdict: String] = [
        .partly: " [only partly in the documents]", .notFound: " [not found in the documents]",
    ]

    private struct Mark: Sendable {
        let place: Int
        let text: String
        var length: Int { text.unicodeScalars.count }
    }

    /// Whether there are marks at all.
    let isMarked: Bool
    /// Where marks stand, in Unicode scalars of the text without them.
    private var marks: [Mark] = []
    /// Those of them that were not written yet.
    private var waiting: ArraySlice<Mark> = []
    private var held: [Unicode.Scalar] = []
    /// Where `held` begins.
    private var start = 0
    private var code = CodeScanner()
    /// Blocks of code, in Unicode scalars of the text without marks.
    private var blocks: [Range<Int>] = []
    private var length = 0

    init(isMarked: Bool) { self.isMarked = isMarked }

    /// The whole of an answer that is there.
    static func whole(_ message: Message, isMarked: Bool) -> (text: String, places: MarkedText) {
        var marked = MarkedText(isMarked: isMarked)
        var text = marked.add(message.content)
        for check in message.outcome.sentences ?? [] { marked.add(check) }
        text += marked.finish()
        return (text, marked)
    }

    /// Takes more text; gives what was held back before it.
    mutating func add(_ text: String) -> String {
        guard isMarked else { return text }
        scan(text)
        // White space at the end may turn out to stand behind a mark, and so may the end of a table's row.
        let ready = release(Self.settled(held[...]))
        held.append(contentsOf: text.unicodeScalars)
        return ready
    }

    /// Takes a verdict on a sentence whose text has come.
    mutating func add(_ check: SentenceCheck) {
        let place = check.from..<max(check.from, check.to)
        guard isMarked, let text = Self.marks[check.verdict], !blocks.contains(where: { $0.overlaps(place) }) else { return }
        let sentence = held.dropLast(max(0, start + held.count - check.to))
        let mark = Mark(place: check.to - (sentence.last == "|" ? sentence.count - Self.settled(sentence) : 0), text: text)
        marks.append(mark)
        waiting.append(mark)
    }

    /// How much of the text nothing more can come behind.
    private static func settled(_ text: ArraySlice<Unicode.Scalar>) -> Int {
        func isSettled(_ scalar: Unicode.Scalar) -> Bool { !scalar.properties.isWhitespace && scalar != "|" }
        return text.lastIndex(where: isSettled).map { $0 - text.startIndex + 1 } ?? 0
    }

    private mutating func scan(_ text: String) {
        for character in text {
            let end = length + character.unicodeScalars.count
            code.take(character)
            if code.isInBlock {
                if let last = blocks.last, last.upperBound == length {
                    blocks[blocks.count - 1] = last.lowerBound..<end
                } else {
                    blocks.append(length..<end)
                }
            }
            length = end
        }
    }

    /// What was still held back when the answer ended.
    mutating func finish() -> String { release(held.count) }

    /// The place in the marked text of something that begins here.
    func begin(_ offset: Int) -> Int { offset + marks.reduce(0) { $0 + ($1.place <= offset ? $1.length : 0) } }

    /// The place in the marked text of something that ends here; a mark at this place stands behind it.
    func end(_ offset: Int) -> Int { offset + marks.reduce(0) { $0 + ($1.place < offset ? $1.length : 0) } }

    private mutating func release(_ count: Int) -> String {
        var text = String.UnicodeScalarView()
        for (index, scalar) in held.prefix(count).enumerated() {  // fits: no more than are held
            mark(at: start + index, &text)
            text.append(scalar)
        }
        held.removeFirst(count)
        start += count
        mark(at: start, &text)
        return String(text)
    }

    private mutating func mark(at place: Int, _ text: inout String.UnicodeScalarView) {
        while let next = waiting.first, next.place <= place {
            text.append(contentsOf: next.text.unicodeScalars)
            waiting.removeFirst()
        }
    }
}
