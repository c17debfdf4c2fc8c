import Foundation
import ParleyCore
import ParleyDatabase
import Retrieval

/// How an answer came about: everything that was tried, kept and left out, with the time that each stage took.
struct AnswerTrace: Sendable, Hashable, Codable {
    /// One message of the prompt.
    struct PromptMessage: Sendable, Hashable, Codable {
        let role: String
        let content: String
    }

    /// The question as it was asked.
    var question = ""
    /// The question made to stand alone, where it followed another.
    var standalone: String?
    /// `model` or `words`: what made it stand alone.
    var rewrittenBy: String?
    var attempt = 1
    var search: SearchTrace?
    var answerability: Answerability?
    /// Whether the answer was that the documents do not hold it.
    var isRefusal = false
    var model: String?
    var prompt: [PromptMessage] = []
    /// What the model thought, as far as it showed that; no part of the answer.
    private(set) var reasoning: String?
    /// Tokens that the prompt might have had.
    var promptBudget: Int?
    /// Indices of the passages that went into the prompt.
    var promptPassages: [Int] = []
    /// Earlier turns that went in, and those that are only summarised.
    var turns = 0
    var summarisedTurns = 0
    var usage: TokenUsage?
    var droppedCitations = 0
    var notes: [String] = []
    var stages: [SearchTrace.Stage] = []

    private static let longestReasoning = 200_000

    mutating func note(reasoning more: String) {
        let before = reasoning ?? ""
        if before.utf8.count < Self.longestReasoning { reasoning = before + more }
    }

    /// Notes how long a stage took that began at this moment.
    mutating func stage(_ name: String, since start: ContinuousClock.Instant) {
        stages.append(SearchTrace.Stage(name, .now - start))
    }
}

/// The rows of traces.
struct AnswerTraceStore: Sendable {
    func put(_ trace: AnswerTrace, of message: MessageID, in connection: Connection) throws {
        let json = try JSONText(trace)
        try connection.execute(
            """
            INSERT INTO answer_traces (message_id, trace) VALUES (\(message), \(json))
            ON CONFLICT (message_id) DO UPDATE SET trace = excluded.trace
            """)
    }

    func trace(of message: MessageID, in connection: Connection) throws -> AnswerTrace? {
        try connection.row("SELECT trace FROM answer_traces WHERE message_id = \(message)").map { row in
            let json: JSONText = try row["trace"]
            return try json.value()
        }
    }
}
