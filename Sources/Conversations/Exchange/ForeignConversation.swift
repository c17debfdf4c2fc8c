import ParleyCore

/// A conversation from an export of another program (or of ours): its messages with their keys, in any order.
struct ForeignConversation: Sendable {
    struct Turn: Sendable {
        let key: String
        /// The message above it, which may be one that says nothing to us.
        let parent: String?
        /// Nil for what is no turn of a conversation: instructions, calls of tools, empty messages.
        let role: MessageRole?
        let text: String
        let at: Timestamp?
    }

    let title: String
    let at: Timestamp?
    let turns: [Turn]

    /// The turns that count, each after the one it hangs on; `parent` is an index into the list.
    var ordered: [(turn: Turn, parent: Int?)] {
        let known = Dictionary(turns.map { ($0.key, $0) }) { first, _ in first }
        let children = Dictionary(grouping: turns) { turn in turn.parent.flatMap { known[$0]?.key } }
        var found: [(turn: Turn, parent: Int?)] = []
        var waiting: [(turn: Turn, parent: Int?)] = (children[nil] ?? []).reversed().map { ($0, nil) }
        var seen: Set<String> = []
        while let (turn, parent) = waiting.popLast() {
            guard seen.insert(turn.key).inserted else { continue }
            var above = parent
            if turn.role != nil {
                found.append((turn, parent))
                above = found.count - 1
            }
            waiting += (children[turn.key] ?? []).reversed().map { ($0, above) }
        }
        return found
    }
}

/// Reads the exports that are known, told apart by their form.
enum ForeignExport {
    /// - Throws: `import.unknown_format`.
    static func conversations(_ json: JSONValue) throws -> [ForeignConversation] {
        let items = json.array ?? json["conversations"]?.array ?? [json]
        let found = items.compactMap(conversation)
        guard found.count == items.count, !found.isEmpty else {
            throw ParleyError(
                .importUnknown,
                "This is no export of ChatGPT (conversations.json), Open WebUI, LibreChat or Parley, as JSON. Nothing was taken in.")
        }
        return found
    }

    private static func conversation(_ json: JSONValue) -> ForeignConversation? {
        if let mapping = json["mapping"]?.object { return chatGPT(json, mapping) }
        if let history = json["chat"]?["history"]?["messages"]?.object { return openWebUI(json, history) }
        if json["format"]?.string == JSONExport.format, let messages = json["messages"]?.array { return own(json, messages) }
        if json["conversationId"] != nil, let messages = json["messages"]?.array { return libreChat(json, messages) }
        return nil
    }

    private static func chatGPT(_ json: JSONValue, _ mapping: [String: JSONValue]) -> ForeignConversation {
        let turns = mapping.map { key, node -> ForeignConversation.Turn in
            let message = node["message"]
            let content = message?["content"]
            let isHidden = message?["metadata"]?["is_visually_hidden_from_conversation"]?.bool ?? false
            // What goes to a tool is no turn, nor is what the model thinks.
            let isSaid = message?["recipient"]?.string ?? "all" == "all" && !Self.unsaid.contains(content?["content_type"]?.string ?? "")
            let text = isSaid && !isHidden ? ForeignContent.text(content?["parts"] ?? content?["text"]) : ""
            return turn(key, node["parent"], message?["author"]?["role"]?.string, text, message?["create_time"])
        }
        return ForeignConversation(title: json["title"]?.string ?? "", at: moment(json["create_time"]), turns: sorted(turns))
    }

    private static let unsaid: Set<String> = [
        "thoughts", "reasoning_recap", "user_editable_context", "model_editable_context", "execution_output", "tether_browsing_display",
    ]

    private static func openWebUI(_ json: JSONValue, _ history: [String: JSONValue]) -> ForeignConversation {
        let turns = history.map { key, message in
            turn(key, message["parentId"], message["role"]?.string, ForeignContent.text(message["content"]), message["timestamp"])
        }
        let title = json["title"]?.string ?? json["chat"]?["title"]?.string ?? ""
        return ForeignConversation(title: title, at: moment(json["created_at"] ?? json["chat"]?["timestamp"]), turns: sorted(turns))
    }

    private static func libreChat(_ json: JSONValue, _ messages: [JSONValue]) -> ForeignConversation {
        var turns: [ForeignConversation.Turn] = []
        var waiting = Array(messages.reversed())
        while let message = waiting.popLast() {
            waiting += (message["children"]?.array ?? []).reversed()
            let text = message["text"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? ForeignContent.text(message["content"])
            let role = message["isCreatedByUser"]?.bool == true ? "user" : "assistant"
            turns.append(
                turn(message["messageId"]?.string ?? "#\(turns.count)", message["parentMessageId"], role, text, message["createdAt"]))
        }
        let at = moment(json["createdAt"] ?? json["exportAt"])
        return ForeignConversation(title: json["title"]?.string ?? "", at: at, turns: turns)
    }

    private static func own(_ json: JSONValue, _ messages: [JSONValue]) -> ForeignConversation {
        let turns = messages.enumerated().map { index, message in
            turn(
                message["id"]?.string ?? "#\(index)", message["parent_id"], message["role"]?.string, message["content"]?.string ?? "",
                message["created_at"])
        }
        return ForeignConversation(title: json["title"]?.string ?? "", at: moment(json["created_at"]), turns: turns)
    }

    private static func turn(_ key: String, _ parent: JSONValue?, _ role: String?, _ text: String, _ at: JSONValue?)
        -> ForeignConversation.Turn
    {
        let counts = text.contains { !$0.isWhitespace }
        return ForeignConversation.Turn(
            key: key, parent: parent?.string, role: counts ? role.flatMap(MessageRole.init) : nil, text: text, at: moment(at))
    }

    /// Members of an object come in no order: that of their making, then of their keys.
    private static func sorted(_ turns: [ForeignConversation.Turn]) -> [ForeignConversation.Turn] {
        turns.sorted { ($0.at?.milliseconds ?? 0, $0.key) < ($1.at?.milliseconds ?? 0, $1.key) }
    }

    /// Seconds or milliseconds since 1970, or RFC 3339.
    private static func moment(_ json: JSONValue?) -> Timestamp? {
        if let text = json?.string { return Timestamp(rfc3339: text) }
        guard let number = json?.double, number > 0, number < 1e14 else { return nil }
        return Timestamp(milliseconds: Int64(number < 1e11 ? number * 1000 : number))  // fits: above 0 and below 1e14
    }
}
