/// Tells which characters of a Markdown text are code, as they come: fenced and indented blocks, and spans between backticks. A span
/// ends with its line at the latest. A state machine without input or output.
public struct CodeScanner: Sendable {
    private struct Run: Sendable {
        var character: Character
        var count: Int
        let beginsLine: Bool
    }

    private static let fence = 3
    private static let deep = 4

    /// Backticks or tildes that just came.
    private var run: Run?
    private var block: Run?
    /// How many backticks the open span began with.
    private var span: Int?
    /// Columns of white space at the line's start; nil behind it.
    private var indent: Int? = 0
    private var isIndented = false
    private var isFenceLine = false
    private var lastWasBlank = true
    private var inList = false

    public init() {}

    /// Whether nothing but white space stands on the line so far.
    public var isAtLineStart: Bool { indent != nil && run == nil }

    /// Whether the latest character belongs to a block of code, not to a span within a line.
    public var isInBlock: Bool {
        block != nil || isFenceLine || isIndented && indent == nil || run?.beginsLine == true && (run?.count ?? 0) >= Self.fence
    }

    /// Whether this character would belong to code if it came next.
    public func isCode(_ next: Character) -> Bool {
        var ahead = self
        return ahead.take(next)
    }

    /// Takes the next character; whether it belongs to code. What delimits code belongs to it.
    @discardableResult
    public mutating func take(_ character: Character) -> Bool {
        if character == "`" || character == "~" {
            if run?.character == character { run?.count += 1 } else { begin(character) }
            return character == "`" || block != nil || run?.beginsLine == true
        }
        endRun()
        if character.isNewline {
            endLine()
            return block != nil
        }
        if let columns = indent {
            if character == " " || character == "\t" {
                indent = min(columns + (character == "\t" ? Self.deep : 1), 1000)
            } else {
                beginText(character, behind: columns)
            }
        }
        return block != nil || isFenceLine || isIndented || span != nil
    }

    private mutating func begin(_ character: Character) {
        endRun()
        run = Run(character: character, count: 1, beginsLine: indent.map { $0 < Self.deep } ?? false)
        if let columns = indent { beginText(character, behind: columns) }
    }

    private mutating func endRun() {
        guard let run else { return }
        self.run = nil
        if let block {
            if run.beginsLine, run.character == block.character, run.count >= block.count { (self.block, isFenceLine) = (nil, true) }
        } else if run.beginsLine, run.count >= Self.fence {
            block = run
        } else if run.character == "`" {
            if span == nil { span = run.count } else if span == run.count { span = nil }
        }
    }

    private mutating func beginText(_ first: Character, behind columns: Int) {
        indent = nil
        let isItem = "-*+".contains(first) || first.isNumber
        if isItem { inList = true } else if columns == 0 { inList = false }
        isIndented = columns >= Self.deep && !inList && (lastWasBlank || isIndented)
    }

    private mutating func endLine() {
        lastWasBlank = indent != nil
        (indent, span, isFenceLine) = (0, nil, false)
    }
}
