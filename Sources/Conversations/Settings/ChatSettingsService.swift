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
    private let gate: Gate?

    /// Decides whether settings may be changed from the first to the second, in the transaction of the change.
    public struct Gate: Sendable {
        let refusals: [ErrorCode]
        let check: @Sendable (ProjectID, ChatSettings, ChatSettings, Connection) throws -> Void

        /// - Parameter refusals: what the check may throw.
        public init(
            refusals: [ErrorCode], check: @escaping @Sendable (ProjectID, ChatSettings, ChatSettings, Connection) throws -> Void
        ) {
            (self.refusals, self.check) = (refusals, check)
        }
    }

    public init(database: Database, models: ChatModels, events: Events, clock: any WallClock, gate: Gate? = nil) {
        (self.database, self.models, self.events, self.clock, self.gate) = (database, models, events, clock, gate)
    }

    var refusals: [ErrorCode] { gate?.refusals ?? [] }

    public func settings(_ scope: ProjectScope<ProjectRead>) async throws -> ChatSettings {
        try await database.read { try store.settings(of: scope.project, in: $0) }
    }

    /// Changes what the closure changes.
    /// - Throws: `input.invalid` for a model that is not configured.
    public func change(_ scope: ProjectScope<ProjectManage>, _ body: @escaping @Sendable (inout ChatSettings) -> Void) async throws
        -> ChatSettings
    {
        let now = clock.now()
        return try await database.write { connection in
            var settings = try store.settings(of: scope.project, in: connection)
            let before = settings
            body(&settings)
            try check(settings)
            try gate?.check(scope.project, before, settings, connection)
            try put(settings, at: now, scope, in: connection)
            return settings
        }
    }

    /// - Throws: `input.invalid` for a model that is not configured.
    public func check(_ settings: ChatSettings) throws {
        if let model = settings.model { try models.require(model, pointer: "/model") }
    }

    /// The settings with the number of their version, which every change raises; 0 before the first.
    public func numbered(
        _ scope: ProjectScope<ProjectRead>, in connection: Connection
    ) throws -> (settings: ChatSettings, version: Int) {
        (try store.settings(of: scope.project, in: connection), try store.number(of: scope.project, in: connection))
    }

    /// Writes settings that were checked, and tells of it.
    public func put(_ settings: ChatSettings, at now: Timestamp, _ scope: ProjectScope<ProjectManage>, in connection: Connection) throws {
        try store.set(settings, of: scope.project, at: now, in: connection)
        try events.append(
            EventDraft(
                kind: "project.settings_changed", project: scope.project, subject: scope.project.description, actor: scope.principal.user,
                payload: .object([:])),
            in: connection)
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
