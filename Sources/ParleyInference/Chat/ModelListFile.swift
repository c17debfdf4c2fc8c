internal import Foundation
internal import ParleyCore

/// The language models of the file `model.list`: a JSON list of objects.
struct ModelListFile: Sendable {
    /// One model of the list.
    struct Entry: Sendable {
        let name: String
        let dialect: ChatDialect
        let service: ChatService
        let price: TokenPrice
    }

    let entries: [Entry]

    /// What is wrong with the file, as the end of "model.list must …".
    struct Mistake: Error { let text: String }

    /// - Parameter environment: where the variables that hold keys stand.
    init(path: String, idleTimeout: Duration, thinkingTokens: Int, environment: [String: String] = ProcessInfo.processInfo.environment)
        throws
    {
        guard let data = FileManager.default.contents(atPath: path) else { throw Mistake(text: "name a file that can be read") }
        guard let list = try? JSONValue(parsing: data).array else { throw Mistake(text: "name a file that holds a JSON list") }
        entries = try list.enumerated().map { index, item in
            var entry = try Self.entry(item, "name in \(path), at item \(index + 1),", environment)
            (entry.service.idleTimeout, entry.service.thinkingTokens) = (idleTimeout, thinkingTokens)
            return Entry(name: entry.name, dialect: entry.dialect, service: entry.service, price: entry.price)
        }
        let twice = Dictionary(grouping: entries, by: \.name).filter { $0.value.count > 1 }.keys.sorted()
        guard twice.isEmpty else { throw Mistake(text: "not name a model twice, as it does \(twice.joined(separator: ", "))") }
    }

    private static let known: Set<String> = [
        "name", "dialect", "url", "model", "api_key_variable", "api_key_file", "context_window", "prompt_price", "completion_price",
    ]

    private static func entry(_ item: JSONValue, _ place: String, _ environment: [String: String]) throws
        -> (name: String, dialect: ChatDialect, service: ChatService, price: TokenPrice)
    {
        guard let members = item.object else { throw Mistake(text: "\(place) an object") }
        if let stranger = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw Mistake(text: "\(place) no field \(stranger); there are \(known.sorted().joined(separator: ", "))")
        }
        guard let name = item["name"]?.string, !name.isEmpty else { throw Mistake(text: "\(place) a name") }
        let dialects = ChatDialect.allCases.filter { $0 != .local }
        guard let dialect = item["dialect"]?.string.flatMap(ChatDialect.init), dialects.contains(dialect) else {
            throw Mistake(text: "\(place) a dialect: \(dialects.map(\.rawValue).joined(separator: ", "))")
        }
        guard var base = item["url"]?.string, base.hasPrefix("http://") || base.hasPrefix("https://") else {
            throw Mistake(text: "\(place) a url that begins with http:// or https://")
        }
        while base.hasSuffix("/") { base.removeLast() }
        guard let window = item["context_window"]?.int.flatMap({ Int(exactly: $0) }), (256...10_000_000).contains(window) else {
            throw Mistake(text: "\(place) a context_window from 256 to 10000000")
        }
        let service = ChatService(
            base: base, model: item["model"]?.string ?? name, apiKey: try key(item, place, environment), contextWindow: window)
        let price = TokenPrice(prompt: item["prompt_price"]?.double ?? 0, completion: item["completion_price"]?.double ?? 0)
        guard price.prompt >= 0, price.completion >= 0 else { throw Mistake(text: "\(place) prices that are not negative") }
        return (name, dialect, service, price)
    }

    /// Keys do not stand in the file itself, so that it can be shown.
    private static func key(_ item: JSONValue, _ place: String, _ environment: [String: String]) throws -> Secret? {
        if let variable = item["api_key_variable"]?.string {
            guard let text = environment[variable], !text.isEmpty else {
                throw Mistake(text: "\(place) a variable that is set, not \(variable)")
            }
            return Secret(text)
        }
        if let path = item["api_key_file"]?.string {
            guard let data = FileManager.default.contents(atPath: path) else { throw Mistake(text: "\(place) a key file that can be read") }
            let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            return text.isEmpty ? nil : Secret(text)
        }
        return nil
    }
}
