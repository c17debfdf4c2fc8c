public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyInference
public import ParleyJobs

/// Keeps what owners settle about their projects' answers.
public struct ChatSettingsService: Sendable {
    let models: ChatModels
    let database: Database
    private let events: Events
    private let clock: any WallClock
    private let store = ChatSettingsStore()

    public init(database: Database, models: ChatModels, events: Events, clock: any WallClock) {
        (self.database, self.models, self.events, self.clock) = (database, models, events, clock)
    }

    public func settings(_ scope: ProjectScope) async throws -> ChatSettings {
        try await database.read { try store.settings(of: scope.project, in: $0) }
    }

    /// Changes what the closure changes.
    /// - Throws: `input.invalid` for a model that is not configured.
    public func change(_ scope: ProjectScope, _ body: @escaping @Sendable (inout ChatSettings) -> Void) async throws -> ChatSettings {
        let now = clock.now()
        return try await database.write { connection in
            var settings = try store.settings(of: scope.project, in: connection)
            body(&settings)
            if let model = settings.model { try models.require(model, pointer: "/model") }
            try store.set(settings, of: scope.project, at: now, in: connection)
            try events.append(
                EventDraft(
                    kind: "project.settings_changed", project: scope.project, subject: scope.project.description,
                    actor: scope.principal.user, payload: .object([:])), in: connection)
            return settings
        }
    }
}

extension ChatModels {
    /// - Throws: `input.invalid` when no model has this name.
    func require(_ name: String, pointer: String) throws {
        guard self[name] == nil else { return }
        let known = entries.map(\.name).joined(separator: ", ")
        throw ParleyError(
            .invalidInput, "There is no model \(name); there is \(known.isEmpty ? "none" : known).",
            fields: [FieldError(pointer, "must be one of \(known)")])
    }
}
