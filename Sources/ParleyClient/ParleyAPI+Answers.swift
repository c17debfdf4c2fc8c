extension ParleyAPI {
    /// Asks a project's documents.
    /// - Parameter thread: the conversation to go on with; a new one when left out.
    /// - Returns: the answer as it is made. It is made to its end even when nobody reads it.
    public func ask(_ question: String, in project: String, thread: String? = nil) async throws -> AnswerStream {
        let threads = "/v1/projects/\(project)/threads"
        var thread = thread
        if thread == nil { thread = try await post(threads, [String: String](), as: Named.self).id }
        let path = "\(threads)/\(thread ?? "")/messages"
        let asked: Asked = try await post(path, ["content": question])
        return AnswerStream(
            thread: thread ?? "", message: asked.answer.id,
            events: events("\(path)/\(asked.answer.id)/events", until: AnswerEvent.isLast))
    }

    private struct Named: Decodable { let id: String }
    private struct Asked: Decodable { let answer: Named }

    /// An answer while it is made.
    public struct AnswerStream: AsyncSequence, Sendable {
        /// The thread's id.
        public let thread: String
        /// The answer's id, a message of the thread.
        public let message: String
        let events: Events

        public func makeAsyncIterator() -> Iterator { Iterator(events: events.makeAsyncIterator()) }

        public struct Iterator: AsyncIteratorProtocol {
            var events: Events.Iterator

            public mutating func next() async throws -> AnswerEvent? {
                try await events.next().map { AnswerEvent(event: $0, content: try AnswerEvent.content(of: $0)) }
            }
        }

        /// The answer when it is whole.
        /// - Throws: `Problem` with the reason why it broke off.
        public func whole() async throws -> Answer {
            for try await event in self {
                switch event.content {
                case .done(let answer): return answer
                case .failed(let code, let message): throw Problem(code: code, status: nil, message: message)
                default: break
                }
            }
            throw Problem(code: "client.unreachable", status: nil, message: "The answer's stream ended before the answer did.")
        }
    }

    /// What happened to an answer.
    public struct AnswerEvent: Sendable {
        /// As it came.
        public let event: Event
        public let content: Content

        public enum Content: Sendable {
            /// What the answer may draw on, and what was not working.
            case passages([Passage], notices: [Notice])
            /// More of the text.
            case text(String)
            /// The last sentence rests on these words.
            case citation(Citation)
            /// Whether the documents bear out the sentence that just ended, such as `supported` or `not_found`.
            case sentence(verdict: String)
            /// The answer begins anew after a crash; what came before is void.
            case restarted
            /// The last event: the whole answer.
            case done(Answer)
            /// The last event: the answer broke off.
            case failed(code: String, message: String)
            /// Anything else, such as kinds that are newer than this client.
            case other
        }

        /// An error without a number is the stream's, not the answer's: the stream is taken up again.
        static func isLast(_ event: Event) -> Bool { event.kind == "done" || event.kind == "error" && event.id != nil }

        static func content(of event: Event) throws -> Content {
            switch event.kind {
            case "retrieval":
                let found = try event.decoded(as: Found.self)
                return .passages(found.passages, notices: found.degraded)
            case "text": return .text(try event.decoded(as: Text.self).text)
            case "citation": return .citation(try event.decoded())
            case "sentence": return .sentence(verdict: try event.decoded(as: Sentence.self).verdict)
            case "restarted": return .restarted
            case "done": return .done(try event.decoded(as: Done.self).message)
            case "error" where isLast(event):
                let failure = try event.decoded(as: Document.Reason.self)
                return .failed(code: failure.code, message: failure.message)
            default: return .other
            }
        }

        private struct Found: Decodable {
            let passages: [Passage]
            let degraded: [Notice]
        }
        private struct Text: Decodable { let text: String }
        private struct Sentence: Decodable { let verdict: String }
        private struct Done: Decodable { let message: Answer }
    }
}
