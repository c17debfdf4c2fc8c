internal import ParleyCore

/// Takes an answer's bytes apart into JSON values: an event stream, an object a line, or one object, told apart by how they begin and
/// not by what the service calls them. A state machine without input or output.
struct AnswerWire: Sendable {
    enum Event: Hashable, Sendable {
        case value(JSONValue)
        /// A value under the name `error`.
        case failure(JSONValue)
        /// `[DONE]`: what comes later is of no interest.
        case done
    }

    private enum Kind { case events, objects }

    private static let longest = 8 << 20
    /// Services that keep a connection alive send single words now and then.
    private static let longestWord = 64
    /// How often bytes may turn out to be no whole object before only their end tells.
    private static let mostMisses = 64
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private var kind: Kind?
    private var decoder = EventStreamDecoder()
    /// What is no whole object yet.
    private var pending: [UInt8] = []
    private var misses = 0

    /// What these bytes complete.
    /// - Throws: `model.invalid_answer` when it is no JSON.
    mutating func add(_ bytes: [UInt8]) throws(ParleyError) -> [Event] {
        switch kind {
        case .events: return try read(bytes)
        case .objects: return try split(bytes)
        case nil:
            let start = Array(bytes.drop { Self.isBlank($0) || Self.byteOrderMark.contains($0) })
            guard let first = start.first else { return [] }
            if first == UInt8(ascii: "<") { throw ModelErrors.malformed(String(decoding: start.prefix(200), as: UTF8.self)) }
            kind = first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? .objects : .events
            return try add(start)
        }
    }

    /// What the last bytes left, where the service ends a stream without ending its last event.
    mutating func finish() throws(ParleyError) -> [Event] {
        switch kind {
        case nil: return []
        case .events: return try read(Array("\n\n".utf8))
        case .objects:
            defer { pending = [] }
            return pending.allSatisfy(Self.isBlank) ? [] : [.value(try parse(pending))]
        }
    }

    private mutating func read(_ bytes: [UInt8]) throws(ParleyError) -> [Event] {
        let events: [ReceivedEvent]
        do { events = try decoder.feed(bytes) } catch { throw ModelErrors.malformed("an event of more than \(error.limit) bytes") }
        var found: [Event] = []
        for event in events {
            found += try values(event.data, isFailure: event.type == "error")
            if found.last == .done { break }
        }
        return found
    }

    /// What an event's data holds: one value, or one a line where a service leaves out the blank lines between its events.
    private func values(_ text: String, isFailure: Bool) throws(ParleyError) -> [Event] {
        let data = String(text.drop(while: \.isWhitespace))
        if data.lowercased().hasPrefix("[done]") { return [.done] }
        guard let first = data.first, first == "{" || first == "[" || data.utf8.count > Self.longestWord else { return [] }
        let lines = data.split(separator: "\n")
        if lines.count > 1, (try? parse(Array(data.utf8))) == nil {
            var found: [Event] = []
            for line in lines where found.last != .done { found += try values(String(line), isFailure: isFailure) }
            return found
        }
        let value = try parse(Array(data.utf8))
        return [isFailure ? .failure(value) : .value(value)]
    }

    /// Objects that stand on a line each, or one that takes all lines.
    private mutating func split(_ bytes: [UInt8]) throws(ParleyError) -> [Event] {
        var found: [Event] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if pending.count + line.count > Self.longest { throw ModelErrors.malformed("more than \(Self.longest) bytes without an end") }
            pending += line
            if let value = whole() { found.append(.value(value)) }
        }
        return found
    }

    /// The pending bytes, if they are an object.
    private mutating func whole() -> JSONValue? {
        guard misses < Self.mostMisses, let last = pending.last(where: { !Self.isBlank($0) }),
            last == UInt8(ascii: "}") || last == UInt8(ascii: "]")
        else { return nil }
        guard let value = try? parse(pending) else {
            misses += 1
            return nil
        }
        pending = []
        return value
    }

    /// A list of one object is that object.
    private func parse(_ bytes: [UInt8]) throws(ParleyError) -> JSONValue {
        guard let value = try? JSONValue(parsing: bytes) else {
            throw ModelErrors.malformed(String(decoding: bytes.prefix(200), as: UTF8.self))
        }
        return value.array?.count == 1 ? value.array?.first ?? value : value
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
