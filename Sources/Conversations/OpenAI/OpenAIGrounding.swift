import ParleyCore
import Retrieval

/// How far the documents bear an answer out, as a member of ours beside those of OpenAI's protocol. Places count Unicode scalars of the
/// answer as it is given out.
enum OpenAIGrounding {
    static func whole(_ message: Message, _ places: MarkedText) -> JSONValue {
        let grounding = message.outcome.grounding
        let known: [String: JSONValue] = [
            "refused": .bool(grounding.isRefusal), "dropped_citations": .int(Int64(grounding.droppedCitations)),
            "sentences": .array(grounding.sentences.map { sentence($0, places) }),
        ]
        return .object(known.merging(manner(grounding)) { $1 })
    }

    /// How the answer was made, and how the question was met.
    static func manner(_ grounding: Grounding) -> [String: JSONValue] {
        [
            "way": grounding.way.map { .string($0.rawValue) } ?? .null, "stance": .string(grounding.stance.rawValue),
            "head": grounding.head.map { .string($0) } ?? .null,
        ]
    }

    static func sentence(_ check: SentenceCheck, _ places: MarkedText) -> JSONValue {
        [
            "start_index": .int(Int64(places.begin(check.from))), "end_index": .int(Int64(places.end(check.to))),
            "verdict": .string(check.verdict.rawValue), "support": .double(check.support),
        ]
    }
}
