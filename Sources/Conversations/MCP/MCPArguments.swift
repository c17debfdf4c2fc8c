import ParleyCore

/// The arguments of a tool's call. What is wrong with them is told to the model that called, so that it can do better.
struct MCPArguments: Sendable {
    let values: [String: JSONValue]

    /// - Throws: `MCPToolFault` when it is missing or too long.
    func text(_ name: String, atMost length: Int = 20_000) throws -> String {
        guard let text = try optionalText(name, atMost: length), !text.isEmpty else {
            throw MCPToolFault("The argument \(name) is required.")
        }
        return text
    }

    func optionalText(_ name: String, atMost length: Int = 20_000) throws -> String? {
        guard let value = values[name], value != .null else { return nil }
        guard let text = value.string, text.unicodeScalars.count <= length else {
            throw MCPToolFault("The argument \(name) must be a text of at most \(length) characters.")
        }
        return text
    }

    func number(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
        guard let value = values[name], value != .null else { return nil }
        guard let number = value.int.flatMap({ Int(exactly: $0) }) ?? value.double.flatMap({ Int(exactly: $0) }), range.contains(number)
        else { throw MCPToolFault("The argument \(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).") }
        return number
    }
}

/// Why a tool could not do what it was called for, in words for the model that called it.
struct MCPToolFault: Error {
    let message: String
    init(_ message: String) { self.message = message }
}

/// What a tool has to say: for people and models as text, for programs as a value, and addresses to read on at.
struct MCPToolResult: Sendable {
    var text: String
    var value: JSONValue = .null
    var links: [(address: MCPAddress, name: String, mediaType: String)] = []
    var isError = false

    var json: JSONValue {
        let linked = links.map { link -> JSONValue in
            [
                "type": "resource_link", "uri": .string(link.address.text), "name": .string(link.name),
                "mimeType": .string("text/plain"), "description": .string("The parsed text of \(link.name) (\(link.mediaType))."),
            ]
        }
        var members: [String: JSONValue] = [
            "content": .array([["type": "text", "text": .string(text)]] + linked), "isError": .bool(isError),
        ]
        if value != .null { members["structuredContent"] = value }
        return .object(members)
    }
}
