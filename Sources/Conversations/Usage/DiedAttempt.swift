import ParleyCore
import ParleyDatabase
import Retrieval

/// What is left of an attempt at an answer whose process died.
struct DiedAttempt: Sendable {
    let answer: MessageID
    let user: UserID
    /// From 1.
    let number: Int
    /// What the model had been given, as far as the events tell: the question and the passages.
    let prompt: String
    /// What it had written.
    let text: String

    /// - Parameters:
    ///   - answer: in its state after the attempt.
    ///   - opening: what the answer began with before the model wrote.
    /// - Returns: nil when there was none.
    init?(
        _ answer: Message, of user: UserID, question: String, opening: String, _ events: [NumberedAnswerEvent]
    ) {
        guard answer.attempt > 0 else { return nil }
        (self.answer, self.user, number) = (answer.id, user, answer.attempt)
        var (passages, text) = ("", "")
        for event in events where event.number > AnswerLog.base(ofAttempt: answer.attempt) {
            switch event.event {
            case .retrieval(let found, _, _): passages = found.map(\.text).joined(separator: "\n")
            case .text(let more): text += more
            default: break
            }
        }
        prompt = question + "\n" + passages
        self.text = text.hasPrefix(opening) ? String(text.dropFirst(opening.count)) : text
    }
}

extension ThreadStore {
    /// Whose thread it is.
    func owner(of thread: ThreadID, in connection: Connection) throws -> UserID? {
        try connection.row("SELECT created_by FROM threads WHERE id = \(thread)").map { try $0["created_by"] }
    }
}
