public import Foundation

/// The fields that most programs need of the API's resources; read others into a type of your own.
extension ParleyAPI {
    public struct Project: Codable, Sendable, Hashable {
        public let id: String
        public let name: String
    }

    public struct Document: Codable, Sendable, Hashable {
        public let id: String
        public let name: String
        /// `ready`, `failed`, or a stage on the way.
        public let state: String
        /// Why it could not be read.
        public let error: Reason?
        /// What was lost, repaired or guessed when it was read; nil from servers that do not tell.
        public let warnings: [String]?
        public let pages: Int?
        public let tags: [String]
        public let createdAt: Date

        public struct Reason: Codable, Sendable, Hashable {
            public let code: String
            public let message: String
        }
    }

    /// An answer, which is a message of a thread.
    public struct Answer: Codable, Sendable, Hashable {
        public let id: String
        public let content: String
        /// `complete`, `cancelled` or `failed`.
        public let state: String
        public let citations: [Citation]
        /// What was not working when it was made.
        public let degraded: [Notice]
        /// The language model that was asked; nil when none was.
        public let model: String?
        /// `quoted` or `written`; nil for a refusal.
        public let way: String?
    }

    /// Words of a document that a sentence of an answer rests on.
    public struct Citation: Codable, Sendable, Hashable {
        /// From 1, in order of appearance.
        public let number: Int
        /// The mark stands after so many Unicode scalars of the answer.
        public let at: Int
        /// The document's own words.
        public let quote: String
        public let documentId: String
        public let documentName: String
        public let page: Int?
    }

    /// A piece of a document that was found.
    public struct Passage: Codable, Sendable, Hashable {
        /// From 1, in order of rank.
        public let index: Int
        public let documentId: String
        public let documentName: String
        public let text: String
        public let firstPage: Int?
        public let headingPath: [String]
        /// Comparable within one search only.
        public let score: Double
    }

    /// Something that was not working, and what was done instead.
    public struct Notice: Codable, Sendable, Hashable {
        public let component: String
        public let message: String
    }
}
