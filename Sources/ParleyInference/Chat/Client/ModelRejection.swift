internal import Foundation
internal import ParleyCore

/// What a service said when it refused: the cause of our error, for the log, and what can be learnt from it.
struct ModelRejection: Error, CustomStringConvertible {
    private static let longest = 2000
    private static let deepest = 6
    /// Members that repeat what was sent.
    private static let echoes: Set<String> = ["input", "body", "messages", "request"]

    /// The service's words.
    let description: String
    /// The HTTP status, where there was one.
    let status: Int?
    /// Every text that it said, in lower case.
    let words: String
    /// Its codes and types, in lower case.
    let names: Set<String>
    /// The field of the request that it named as wrong.
    let parameter: String?
    let retryAfter: Duration?

    /// - Parameter value: the error in any of the forms that services give it: the object with a member `error` around it, that member, a
    ///   list with one of them, or a text.
    init(_ value: JSONValue, status: Int? = nil, retryAfter: Duration? = nil) {
        let error = Self.inner(value)
        var texts: [String] = []
        Self.collect(error, Self.deepest, &texts)
        let message = [error["message"], error["detail"], error["error"], error["msg"], error].lazy.compactMap { $0?.string }.first
        description = (message ?? error.text).shortened(to: Self.longest)
        words = String(texts.joined(separator: "\n").prefix(Self.longest)).lowercased()
        names = Set(
            ["code", "type", "status", "reason", "error_type", "error"].compactMap { error[$0] ?? value[$0] }
                .compactMap { $0.string?.lowercased() })
        parameter = error["param"]?.string ?? Self.location(error)
        let code = error["code"]?.int.flatMap { Int(exactly: $0) } ?? error["status"]?.int.flatMap { Int(exactly: $0) }
        self.status = status ?? code.flatMap { (400...599).contains($0) ? $0 : nil }
        self.retryAfter = retryAfter ?? Self.wait(words)
    }

    /// An error in a value of a stream or a body that should hold an answer; nil when it is none.
    /// - Parameter answer: the member that answers have.
    init?(in value: JSONValue, answer: String) {
        let isTold = value["error"].map { ![.null, .bool(false), .string(""), .object([:])].contains($0) } ?? false
        let isError = value["object"] == "error" || value["type"] == "error"
        let hasProblem = value["detail"] != nil || value["errors"] != nil || value["message"]?.string != nil && value["code"] != nil
        let isProblem = value[answer] == nil && hasProblem
        guard isTold || isError || isProblem else { return nil }
        self.init(value)
    }

    private static func inner(_ value: JSONValue) -> JSONValue {
        var value = value
        for _ in 0..<deepest {
            let only = value.array?.count == 1 ? value.array?.first : nil
            let nested = [value["error"], value["message"]].compactMap { $0 }.first { $0.object != nil || $0.array != nil }
            guard let next = only ?? nested else { break }
            value = next
        }
        return value
    }

    private static func collect(_ value: JSONValue, _ depth: Int, _ texts: inout [String]) {
        guard depth > 0, texts.count < 100 else { return }
        switch value {
        case .string(let text): texts.append(text)
        case .array(let items): for item in items { collect(item, depth - 1, &texts) }
        case .object(let members):
            for (key, member) in members.sorted(by: { $0.key < $1.key }) where !echoes.contains(key) { collect(member, depth - 1, &texts) }
        default: break
        }
    }

    /// Where a checker of requests found its fault: `{"loc": ["body", "seed"]}`.
    private static func location(_ error: JSONValue) -> String? {
        let details = error["detail"]?.array ?? error["details"]?.array ?? []
        return details.lazy.compactMap { $0["loc"]?.array?.compactMap(\.string).dropFirst().first ?? $0["field"]?.string }.first
    }

    /// `Please try again in 1m7.5s`, `"retryDelay": "34s"`.
    private static func wait(_ words: String) -> Duration? {
        let lead = /(?:try again in|retry in|retry after|^)\s*(\d[\d.]{0,9}\s?(?:ms|s|m|h)[a-z]*(?:\s?\d[\d.]{0,9}\s?s[a-z]*)?)(?![a-z])/
        guard let found = words.firstMatch(of: lead.anchorsMatchLineEndings()) else { return nil }
        let seconds = found.output.1.matches(of: /([\d.]+)\s?(ms|s|m|h)/).reduce(0.0) { sum, part in
            let unit: Double = ["ms": 0.001, "m": 60, "h": 3600][part.output.2] ?? 1
            return sum + (Double(part.output.1) ?? 0) * unit
        }
        return seconds > 0 && seconds < 1e6 ? .milliseconds(Int(rounding: seconds * 1000)) : nil
    }
}
