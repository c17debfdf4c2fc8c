import Conversations
public import Retrieval

/// What made a run's figures, beside the project's documents and settings.
public struct RunMakers: Sendable, Hashable, Codable {
    public var parts: [AnswerMaker] = []

    private var identities: [String: String] { Dictionary(parts.map { ($0.part, $0.identity) }) { first, _ in first } }

    /// The parts that are others now.
    /// - Parameter present: all that the installation has.
    func changes(to present: RunMakers) -> [String] {
        let present = present.identities
        return parts.filter { present[$0.part] != $0.identity }.map(\.part)
    }

    /// The parts of which two runs do not have the same.
    func differences(from other: RunMakers) -> [String] {
        let missing = other.parts.filter { identities[$0.part] == nil }.map(\.part)
        return changes(to: other) + missing
    }

    /// The parts that two runs both have, and not the same: what is not due to their settings.
    func conflicts(with other: RunMakers) -> [String] {
        let known = other.identities
        return changes(to: other).filter { known[$0] != nil }
    }
}

/// Tells what makes answers in this installation as it stands.
public struct InstallationMakers: Sendable {
    let search: SearchService
    let conversations: ConversationService
    let version: String

    /// What a run with this plan would be made by.
    func used(by plan: RunPlan) async throws -> RunMakers {
        try await makers(plan.answers ? conversations.makers(plan.settings) : [])
    }

    /// All that the installation has.
    func all() async throws -> RunMakers { try await makers(conversations.makers(nil)) }

    private func makers(_ answering: [AnswerMaker]) async throws -> RunMakers {
        RunMakers(parts: [AnswerMaker("parley", version)] + (try await search.makers()) + answering)
    }
}
