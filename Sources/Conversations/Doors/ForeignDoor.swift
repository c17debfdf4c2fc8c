public import Accounts
public import Foundation
public import Library
public import ParleyAuthority
import ParleyCore
import ParleyHTTP
public import ParleyInference
public import Retrieval

/// What the front doors for foreign clients have in common: a project is what they talk to.
public struct ForeignDoor: Sendable {
    let conversations: ConversationService
    let projects: ProjectService
    let documents: DocumentService
    let search: SearchService
    let embedding: any EmbeddingModel
    let authorizer: Authorizer
    let publicURL: URL?
    private static let mostProjects = 1000

    /// - Parameter publicURL: where people reach the server; links begin with it.
    public init(
        conversations: ConversationService, projects: ProjectService, documents: DocumentService, search: SearchService,
        embedding: any EmbeddingModel, authorizer: Authorizer, publicURL: URL?
    ) {
        (self.conversations, self.projects, self.documents, self.search) = (conversations, projects, documents, search)
        (self.embedding, self.authorizer, self.publicURL) = (embedding, authorizer, publicURL)
    }

    /// The caller's projects, in the order they were made.
    func list(_ caller: Scope<ProtocolsUse>) async throws -> [Project] {
        let scope = try authorizer.scope(caller.principal, .projectsList)
        return try await projects.projects(ListQuery(limit: Self.mostProjects), scope).items.map(\.project)
    }

    /// The caller's project of this id or, when one alone has it, of this name.
    func find(_ text: String, _ caller: Scope<ProtocolsUse>) async throws -> Project? {
        try await projects.project(called: text, authorizer.scope(caller.principal, .projectsList))
    }

    /// What the caller asks for in a project.
    /// - Throws: what the authorizer refuses with.
    func scope<Held: ProjectPermission>(_ caller: Scope<ProtocolsUse>, _ permission: Held, on project: ProjectID) async throws
        -> ProjectScope<Held>
    {
        try await authorizer.scope(caller.principal, permission, on: project)
    }

    /// Where the server is for this caller, without a slash at the end.
    func base(_ request: EndpointRequest) -> String {
        var base = publicURL?.absoluteString ?? "http://" + (request.authority ?? "localhost")
        while base.hasSuffix("/") { base.removeLast() }
        return base
    }

    /// The answer's events in the form of a foreign protocol.
    func encoded<Encoder: AnswerEncoder>(_ answer: Message, _ encoder: Encoder, isKept: Bool, _ scope: ProjectScope<ThreadsUse>)
        async throws
        -> EncodedAnswer<Encoder>
    {
        let followed = try await AnswerFollower(conversations).follow(answer.id, of: answer.thread, after: 0, scope)
        return EncodedAnswer(followed: followed, encoder: encoder, lease: AnswerLease(conversations, answer, isKept: isKept, scope))
    }

    /// The whole answer.
    /// - Throws: `answer.failed`.
    func whole(_ answer: Message, isKept: Bool, _ scope: ProjectScope<ThreadsUse>) async throws -> Message {
        let lease = AnswerLease(conversations, answer, isKept: isKept, scope)
        let message = try await conversations.whole(answer, scope)
        await lease.close()
        if let failure = message.outcome.failure { throw ParleyError(.answerBroken, failure.message) }
        return message
    }
}

extension Citation {
    /// Where the cited document can be fetched, opened at its page by programs that know how.
    func link(base: String, _ project: ProjectID) -> String {
        "\(base)/v1/projects/\(project)/documents/\(document)/content" + (page.map { "#page=\($0)" } ?? "")
    }

    /// The sentence that the citation stands behind, in Unicode scalars of the answer.
    func sentence(in answer: String) -> Range<Int> {
        let sentence = SentenceReader.sentences(of: answer).last { $0.from < at }
        return min(sentence?.from ?? at, at)..<at
    }
}
