/// What marks off a model's thinking in its text.
enum ReasoningToken: Hashable, Sendable {
    /// Thinking begins; it ends with a closing token, or with this text.
    case opening(until: String?)
    case closing
    /// Begins or ends the answer of a model that thinks: `<answer>`.
    case wrapper(isOpening: Bool)
    /// Begins or ends a call of a tool that is written as text.
    case tool(isOpening: Bool)
    /// A header of OpenAI's harmony format begins, up to `message`, or to the line's end.
    case header(isLine: Bool)
    case message
    /// A message of that format is over.
    case turnEnd
    /// Says nothing to people, such as `<|im_end|>`.
    case silent

    enum Match: Hashable, Sendable {
        case none
        /// It may become one with more text.
        case partial
        /// It is one, so many characters long.
        case token(ReasoningToken, length: Int)
    }

    private static let longest = 80
    private static let square: [(String, ReasoningToken)] =
        ["think", "thinking", "thought", "thoughts", "reasoning"].flatMap { [("[\($0)]", .opening(until: nil)), ("[/\($0)]", .closing)] }
        + [("[TOOL_CALLS]", .tool(isOpening: true))]
    /// What thinking ends with that began with a phrase of its own.
    private static let phrases: [(opening: String, closing: String)] = [
        ("Here is my thought process:", "Here is my response:"), ("Here's my thought process:", "Here's my response:"),
    ]
    /// The harmony format without its tokens: `analysisWe need …assistantfinalIt is`.
    private static let bare = (openings: ["analysis", "commentary", "assistantanalysis", "assistantcommentary"], closing: "assistantfinal")

    /// The token that the text begins with.
    static func match(_ text: ArraySlice<Character>) -> Match {
        switch text.first {
        case "<": angle(text)
        case "[": literals(text, square)
        case "◁": literals(text, [("◁think▷", .opening(until: nil)), ("◁/think▷", .closing)])
        default: .none
        }
    }

    /// The phrase that a whole reply begins with when it begins with thinking.
    static func matchStart(_ text: ArraySlice<Character>) -> Match {
        guard let first = text.first, "Hac".contains(first) else { return .none }
        let found = literals(text, phrases.map { ($0.opening, .opening(until: $0.closing)) })
        if found != .none { return found }
        for name in bare.openings {
            if text.count <= name.count, name.starts(with: text) { return .partial }
            guard text.starts(with: name), let next = text.dropFirst(name.count).first else { continue }
            if next.isUppercase || next.isNewline || next == "*" { return .token(.opening(until: bare.closing), length: name.count) }
        }
        return .none
    }

    /// Where the text is, or becomes, the phrase that thinking ends with.
    static func matchEnd(_ text: ArraySlice<Character>, _ phrase: String) -> Match { literals(text, [(phrase, .closing)]) }

    private static func literals(_ text: ArraySlice<Character>, _ known: [(String, ReasoningToken)]) -> Match {
        var isPartial = false
        for (literal, token) in known {
            let shared = zip(text, literal).prefix { $0 == $1 || $0.lowercased() == $1.lowercased() }.count
            if shared == literal.count { return .token(token, length: shared) }
            if shared == text.count { isPartial = true }
        }
        return isPartial ? .partial : .none
    }

    /// Tags, as in markup, and special tokens, as in `<|end|>`.
    private static func angle(_ text: ArraySlice<Character>) -> Match {
        let inside = text.dropFirst()
        guard let first = inside.first else { return .partial }
        guard first.isLetter || "/|｜".contains(first) else { return .none }
        guard let end = inside.prefix(Self.longest).firstIndex(where: { ">＞<".contains($0) || $0.isNewline }) else {
            return inside.count < longest ? .partial : .none
        }
        guard inside[end] == ">" || inside[end] == "＞", let token = ReasoningTag(inside[..<end]).token else { return .none }
        return .token(token, length: text.distance(from: text.startIndex, to: end) + 1)
    }
}

/// What stands between the angle brackets of a tag or a special token.
private struct ReasoningTag {
    private let body: String
    private let name: String
    private let attributes: String
    /// The name's words: `seed:think` has two, as `longcat_think` has.
    private let words: [String]

    init(_ inside: ArraySlice<Character>) {
        body = String(inside).lowercased()
        let core = body.drop { "/|｜ ".contains($0) }
        name = String(core.prefix { !$0.isWhitespace && !"|｜/".contains($0) })
        attributes = String(core.dropFirst(name.count))
        words = name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    private static let thinking: Set<String> = [
        "think", "thinking", "thinks", "thought", "thoughts", "reason", "reasoning", "rationale", "reflection", "scratchpad", "monologue",
        "cot", "antthinking", "analysis", "deliberation",
    ]
    private static let wrappers: Set<String> = ["answer", "response", "output", "solution", "final", "box"]
    private static let silent: Set<String> = [
        "im", "eot", "eom", "endoftext", "end_of_text", "end_of_turn", "end_of_sentence", "eos", "s", "assistant", "user", "system",
        "constrain",
    ]

    private var isSpecial: Bool { body.hasPrefix("|") || body.hasSuffix("|") || body.hasPrefix("｜") }
    private var isClosing: Bool { body.hasPrefix("/") || body.hasPrefix("|/") || words.contains("end") || words.contains("suffix") }

    var token: ReasoningToken? {
        if let token = harmony { return token }
        if body.hasSuffix("/"), !body.hasPrefix("/") { return words.contains(where: Self.thinking.contains) ? .silent : nil }
        if words.contains(where: Self.thinking.contains) || isInner { return isClosing ? .closing : .opening(until: nil) }
        if name == "details", attributes.contains("reasoning") || attributes.contains("thinking") { return .opening(until: "</details>") }
        if words.first.map({ ["tool", "tools", "function", "functions"].contains($0) }) == true, words.dropFirst().contains(where: isCall) {
            return .tool(isOpening: !isClosing)
        }
        if name.hasPrefix("function=") || name == "function" && isClosing { return .tool(isOpening: !isClosing) }
        if words.count <= 3, words.contains(where: Self.wrappers.contains), words.count == 1 || isSpecial || words.first == "final" {
            return .wrapper(isOpening: !isClosing)
        }
        let isMark =
            Self.silent.contains(name) || words.first.map { Self.silent.contains($0) } == true || words == ["end", "of", "sentence"]
        return (isSpecial || ["end_of_turn", "eos"].contains(name) || body == "/s") && isMark ? .silent : nil
    }

    /// `<|inner_prefix|>`, as Apertus has it.
    private var isInner: Bool { isSpecial && (words == ["inner", "prefix"] || words == ["inner", "suffix"]) }

    private func isCall(_ word: String) -> Bool { word == "call" || word == "calls" }

    private var harmony: ReasoningToken? {
        switch body {
        case "|channel|", "|start|", "|start_header_id|": .header(isLine: false)
        case "|channel", "|im_start|", "start_of_turn": .header(isLine: true)
        case "channel|": .closing
        case "|message|", "|end_header_id|": .message
        case "|end|", "|return|", "|call|": .turnEnd
        default: nil
        }
    }
}
