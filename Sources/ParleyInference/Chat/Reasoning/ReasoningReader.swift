internal import ParleyCore

/// How a model's thinking comes, as far as that is known of it.
enum ReasoningForm: Hashable, Sendable {
    case unknown
    /// Between tags, in fields of its own, or not at all: what comes as text is text.
    case apart
    /// Without the tag that opens it, which stands at the end of the prompt already: what comes is text from the closing tag on.
    case unopened
}

/// Tells a model's thinking from its answer in text that arrives in pieces. A state machine without input or output.
///
/// It knows the tags of many models (`<think>`, `[THINK]`, `<seed:think>`, `<|START_THINKING|>` and others made of the same words), OpenAI's
/// harmony channels, and phrases. Tags in code are text. A closing tag without an opening one makes all text before it thinking: what was
/// given out by then is withdrawn. So text is held back as long as nothing is known of the model, or that it thinks in that way.
public struct ReasoningReader: Sendable {
    enum Piece: Hashable, Sendable {
        case text(String)
        case reasoning(String)
        /// All text so far was thinking; it follows as such.
        case withdrawn
    }

    private enum Mode: Hashable, Sendable {
        case text
        /// Also for calls of tools, which are as little part of the answer.
        case thinking(until: String?)
        case tool
        case header(isLine: Bool)
    }

    private static let longestHeader = 200
    /// What models begin with that think aloud.
    private static let musings = [
        "okay,", "okay ", "ok,", "alright,", "hmm", "let me", "let's", "first, i", "the user", "the question", "we need", "we have",
        "so, the user",
        "so the user", "i need to", "i should", "wait", "好的", "嗯", "首先", "用户",
    ]

    private let known: ReasoningForm
    /// What this answer showed, or what was known before.
    private(set) var form: ReasoningForm
    private var mode = Mode.text
    /// What may become a token.
    private var held: [Character] = []
    private var header = ""
    private var code = CodeScanner()
    /// Whether nothing but white space has come.
    private var isAtStart = true
    /// Whether white space is dropped: none is wanted between thinking and answer.
    private var skipsSpace = false
    private var hasThought = false
    private var isHeldBack: Bool
    /// All text so far, and what of it was not given out yet.
    private var text = ""
    private var pending = ""
    private var isBlank = true
    private var wasGiven = false
    private var withdrawn = ""
    private var thought = ""
    private var lastThought: Character?
    private var pieces: [Piece] = []

    init(_ form: ReasoningForm = .unknown) {
        (known, self.form) = (form, form)
        isHeldBack = form != .apart
    }

    /// A whole text without its thinking, such as an earlier answer that was kept with it.
    public static func answer(of text: String) -> String {
        var reader = ReasoningReader()
        var answer = ""
        for piece in reader.add(text) + reader.finish(isCut: false) { if case .text(let more) = piece { answer += more } }
        return answer
    }

    mutating func add(_ more: String) -> [Piece] {
        held.append(contentsOf: more)
        var position = 0
        while position < held.count {
            switch match(held[position...]) {
            case .partial:
                held.removeFirst(position)
                return flush()
            case .token(let token, let length):
                position += length
                take(token)
            case .none:
                take(held[position])
                position += 1
            }
        }
        held = []
        return flush()
    }

    /// Thinking came in a field of its own, so that what comes as text is text.
    mutating func noteThinking() {
        (isHeldBack, form, hasThought) = (false, .apart, true)
        skipsSpace = isBlank
    }

    /// Holds nothing back any longer.
    mutating func release() -> [Piece] {
        isHeldBack = false
        return flush()
    }

    /// Whether what is held back begins as thinking does.
    var soundsLikeThinking: Bool {
        guard isHeldBack, !isBlank else { return false }
        let start = text.drop(while: \.isWhitespace).prefix(20).lowercased()
        return Self.musings.contains { start.hasPrefix($0) }
    }

    /// - Parameter isCut: whether the answer broke off at its limit.
    mutating func finish(isCut: Bool) -> [Piece] {
        for character in held { take(character) }
        held = []
        if isCut, mode == .text, known == .unopened && isHeldBack || soundsLikeThinking { withdraw() }
        // A closing tag that no answer follows closed nothing.
        if !isCut, known == .unknown, form == .unopened, isBlank {
            (text, pending, isBlank, form) = (withdrawn, withdrawn, false, .apart)
        }
        isHeldBack = false
        if form == .unknown, !isCut { form = .apart }
        return flush()
    }

    private func match(_ rest: ArraySlice<Character>) -> ReasoningToken.Match {
        var found = ReasoningToken.Match.none
        if case .thinking(let phrase?) = mode { found = ReasoningToken.matchEnd(rest, phrase) }
        if mode == .text, isAtStart { found = ReasoningToken.matchStart(rest) }
        if found == .none { found = ReasoningToken.match(rest) }
        guard found != .none, mode == .text, let first = rest.first else { return allowed(found) }
        let isThinking = form == .unopened && isHeldBack
        return code.isCode(first) && !isThinking ? .none : allowed(found)
    }

    /// Tags around an answer say something behind thinking alone, and end thinking only where a line begins.
    private func allowed(_ found: ReasoningToken.Match) -> ReasoningToken.Match {
        guard case .token(.wrapper, _) = found else { return found }
        if mode == .text { return hasThought ? found : .none }
        return lastThought?.isNewline == false ? .none : found
    }

    private mutating func take(_ token: ReasoningToken) {
        if case .header = mode, token != .message, token != .turnEnd {
            if case .header = token { header = "" }
            return
        }
        switch (mode, token) {
        case (_, .header(let isLine)):
            (mode, header, isAtStart) = (.header(isLine: isLine), "", false)
            (isHeldBack, form, hasThought) = (false, .apart, true)
        case (.header, .message): endHeader()
        case (.text, .opening(let phrase)): think(.thinking(until: phrase))
        case (.text, .tool(true)): think(.tool)
        case (.text, .closing): withdraw()
        case (.thinking, .closing), (.thinking, .wrapper(true)), (.tool, .tool(false)), (_, .turnEnd): answer()
        default: break
        }
    }

    private mutating func endHeader() {
        let words = header.lowercased().split { !$0.isLetter }
        if words.contains("final") || words.allSatisfy({ $0 == "assistant" || $0 == "model" }) {
            answer()
        } else {
            think(.thinking(until: nil))
        }
    }

    private mutating func think(_ mode: Mode) {
        (self.mode, hasThought, isAtStart, lastThought) = (mode, true, false, nil)
        (isHeldBack, form) = (false, .apart)
        if isBlank { pending = "" }
    }

    private mutating func answer() {
        mode = .text
        skipsSpace = text.last?.isWhitespace ?? true
    }

    private mutating func withdraw() {
        flushThought()
        if !isBlank {
            if wasGiven { pieces.append(.withdrawn) }
            pieces.append(.reasoning(text))
            withdrawn += text
            (form, hasThought, isAtStart) = (.unopened, true, false)
        }
        (text, pending, isBlank, wasGiven, code) = ("", "", true, false, CodeScanner())
        (isHeldBack, skipsSpace) = (false, true)
    }

    private mutating func take(_ character: Character) {
        switch mode {
        case .text:
            if skipsSpace, character.isWhitespace { return }
            if !character.isWhitespace { (skipsSpace, isAtStart, isBlank) = (false, false, false) }
            code.take(character)
            text.append(character)
            pending.append(character)
        case .thinking, .tool:
            thought.append(character)
            lastThought = character
        case .header(let isLine):
            if isLine, character.isNewline { return endHeader() }
            header.append(character)
            if header.count > Self.longestHeader { answer() }
        }
    }

    private mutating func flush() -> [Piece] {
        flushThought()
        if !isHeldBack, !pending.isEmpty {
            pieces.append(.text(pending))
            (pending, wasGiven) = ("", true)
        }
        defer { pieces = [] }
        return pieces
    }

    private mutating func flushThought() {
        if !thought.isEmpty { pieces.append(.reasoning(thought)) }
        thought = ""
    }
}
