import ParleyCore
import ParleyHTTP

/// An answer as the named, numbered events of a streamed response.
struct ResponseEncoder: AnswerEncoder {
    let output: ResponseOutput
    private var number = 0
    private var marked: MarkedText
    /// Citations behind the text that is held back.
    private var later: [JSONValue] = []
    private var marks = 0
    private var isBegun = false
    private var hasItem = false

    init(_ output: ResponseOutput) {
        self.output = output
        marked = MarkedText(isMarked: output.isMarked)
    }

    mutating func encode(_ event: AnswerEvent) -> [ServerSentEvent] {
        switch event {
        case .text(let text):
            return begin() + open() + release(marked.add(text))
        case .citation(let citation): later.append(output.annotations.file(citation, marked))
        case .sentence(let check): marked.add(check)
        default: break
        }
        return begin()
    }

    private mutating func release(_ text: String) -> [ServerSentEvent] {
        var events = text.isEmpty ? [] : [event("output_text.delta", place(["delta": .string(text), "logprobs": []]))]
        for annotation in later {
            let mark: [String: JSONValue] = ["annotation": annotation, "annotation_index": .int(Int64(marks))]
            events.append(event("output_text.annotation.added", place(mark)))
            marks += 1
        }
        later = []
        return events
    }

    mutating func end(_ message: Message) -> [ServerSentEvent] {
        let part = output.part(message)
        let whole = output.response(message)
        let kind = whole["status"]?.string == "incomplete" ? "incomplete" : "completed"
        return begin() + open() + release(marked.finish()) + [
            event("output_text.done", place(["text": part["text"] ?? "", "logprobs": []])),
            event("content_part.done", place(["part": part])),
            event("output_item.done", ["output_index": 0, "item": output.item(message)]),
            event(kind, ["response": whole]),
        ]
    }

    mutating func fail(_ error: ParleyError) -> [ServerSentEvent] {
        begin() + [event("failed", ["response": output.failed(error)])]
    }

    private mutating func begin() -> [ServerSentEvent] {
        guard !isBegun else { return [] }
        isBegun = true
        return [event("created", ["response": output.begun()]), event("in_progress", ["response": output.begun()])]
    }

    private mutating func open() -> [ServerSentEvent] {
        guard !hasItem else { return [] }
        hasItem = true
        return [
            event("output_item.added", ["output_index": 0, "item": output.item("in_progress", nil)]),
            event("content_part.added", place(["part": ResponseOutput.emptyPart])),
        ]
    }

    private func place(_ more: [String: JSONValue]) -> [String: JSONValue] {
        more.merging(["item_id": .string(output.answer.description), "output_index": 0, "content_index": 0]) { own, _ in own }
    }

    private mutating func event(_ kind: String, _ data: [String: JSONValue]) -> ServerSentEvent {
        defer { number += 1 }
        let more: [String: JSONValue] = ["type": .string("response." + kind), "sequence_number": .int(Int64(number))]
        return ServerSentEvent("response." + kind, json: .object(data.merging(more) { own, _ in own }))
    }
}
