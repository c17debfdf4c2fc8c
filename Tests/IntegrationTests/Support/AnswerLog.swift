import NIOHTTP1
import ParleyCore
import Synchronization

/// Which statuses and headers the tests were answered, whatever they asked, to be held to the OpenAPI document in the end.
final class AnswerLog: Sendable {
    static let shared = AnswerLog()

    private struct Entry: Hashable {
        let method: String
        let segments: [Substring]
        let status: Int
        let headers: [String]
    }

    private let entries = Mutex<Set<Entry>>([])

    func note(_ method: HTTPMethod, _ path: String, _ status: Int, _ headers: HTTPHeaders) {
        let entry = Entry(
            method: method == .HEAD ? "get" : method.rawValue.lowercased(), segments: Self.segments(path), status: status,
            headers: Set(headers.map { $0.name.lowercased() }).sorted())
        _ = entries.withLock { $0.insert(entry) }
    }

    private static func segments(_ path: String) -> [Substring] {
        path.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { $0 }
    }

    /// What was answered and is not declared, each once. Faults are never a surprise.
    func undeclared(in document: JSONValue) -> [String] {
        let known = Set((document["components"]?["headers"]?.object ?? [:]).keys.map { $0.prefix { $0 != "." }.lowercased() })
        let paths = (document["paths"]?.object ?? [:]).map { (Self.segments($0), $0, $1) }
        var found: Set<String> = []
        for entry in entries.withLock({ $0 }) where entry.status < 500 {
            let fitting = paths.filter { Self.fits(entry.segments, $0.0) }
            // Literal segments win over parameters.
            let path = fitting.max { a, b in a.0.count { !$0.hasPrefix("{") } < b.0.count { !$0.hasPrefix("{") } }
            guard let (_, template, item) = path, let operation = item[entry.method] else { continue }
            guard let answer = operation["responses"]?["\(entry.status)"]?.resolved(in: document) else {
                found.insert("\(entry.method) \(template): \(entry.status)")
                continue
            }
            let declared = Set((answer["headers"]?.object ?? [:]).keys.map { $0.lowercased() })
            for name in entry.headers where known.contains(name) && !declared.contains(name) {
                found.insert("\(entry.method) \(template): \(entry.status) with \(name)")
            }
        }
        return found.sorted()
    }

    private static func fits(_ segments: [Substring], _ template: [Substring]) -> Bool {
        segments.count == template.count && zip(segments, template).allSatisfy { $1.hasPrefix("{") ? !$0.isEmpty : $0 == $1 }
    }
}
