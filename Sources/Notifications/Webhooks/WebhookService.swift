public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs
public import ParleyRemote

/// Keeps a project's webhooks. Whoever manages the project manages them; what they tell holds ids and names, never texts.
public struct WebhookService: Sendable {
    private static let limit = 20

    let database: Database
    private let events: Events
    private let guardian: AddressGuard
    private let seal: SecretSeal
    private let clock: any WallClock
    private let store = WebhookStore()

    public init(database: Database, events: Events, guardian: AddressGuard, seal: SecretSeal, clock: any WallClock) {
        (self.database, self.events, self.guardian, self.seal, self.clock) = (database, events, guardian, seal, clock)
    }

    /// The project's webhooks in the order they were made.
    public func webhooks(_ query: ListQuery, _ scope: ProjectScope<ProjectManage>) async throws -> ListSlice<Webhook> {
        try await database.read { try store.webhooks(query, of: scope.project, in: $0) }
    }

    /// - Throws: `webhook.not_found`.
    public func webhook(_ id: WebhookID, _ scope: ProjectScope<ProjectManage>) async throws -> Webhook {
        try await database.read { try find(id, scope, in: $0) }
    }

    /// A new webhook, enabled unless the draft says otherwise.
    /// - Throws: `input.invalid` for an address that must not be called, `webhook.too_many`, `auth.not_by_key`.
    public func add(_ draft: WebhookDraft, _ scope: ProjectScope<ProjectManage>) async throws -> NewWebhook {
        try scope.principal.requirePerson(to: "make webhooks")
        let now = clock.now()
        let webhook = Webhook(
            id: WebhookID(at: now), project: scope.project, url: try await checked(draft.url ?? ""), description: draft.description ?? "",
            kinds: draft.kinds ?? [], isEnabled: draft.isEnabled ?? true, createdAt: now, updatedAt: now)
        let secret = WebhookSecret()
        let sealed = try seal.seal(secret, for: webhook.id)
        try await database.write { connection in
            guard try store.count(of: scope.project, in: connection) < Self.limit else {
                throw ParleyError(.webhookLimit, "The project has \(Self.limit) webhooks; delete one that is no longer used.")
            }
            try store.insert(webhook, secret: sealed, by: scope.principal.user, in: connection)
            try tell("webhook.added", webhook.id, scope, in: connection)
        }
        return NewWebhook(webhook: webhook, secret: secret.text)
    }

    /// Changes what the draft names. Enabling it again forgets its failures.
    /// - Throws: `webhook.not_found`, `input.invalid`, `auth.not_by_key` for another address.
    public func change(_ id: WebhookID, _ draft: WebhookDraft, _ scope: ProjectScope<ProjectManage>) async throws -> Webhook {
        if draft.url != nil { try scope.principal.requirePerson(to: "give webhooks another address") }
        var url: String?
        if let named = draft.url { url = try await checked(named) }
        let (now, checkedURL) = (clock.now(), url)
        return try await database.write { connection in
            var webhook = try find(id, scope, in: connection)
            webhook.url = checkedURL ?? webhook.url
            webhook.description = draft.description ?? webhook.description
            webhook.kinds = draft.kinds ?? webhook.kinds
            if let isEnabled = draft.isEnabled {
                webhook.isEnabled = isEnabled
                (webhook.disabledReason, webhook.failingSince) = (nil, nil)
            }
            webhook.updatedAt = now
            try store.update(webhook, in: connection)
            try tell("webhook.changed", id, scope, in: connection)
            return webhook
        }
    }

    /// Deletes a webhook and its deliveries; nothing is sent to it any more.
    /// - Throws: `webhook.not_found`.
    public func delete(_ id: WebhookID, _ scope: ProjectScope<ProjectManage>) async throws {
        try await database.write { connection in
            guard try store.delete(id, in: scope.project, connection) else { throw Self.notFound }
            try tell("webhook.deleted", id, scope, in: connection)
        }
    }

    /// A new secret. The one before it goes on signing beside it for this long, so that the receiver can change over.
    /// - Throws: `webhook.not_found`, `auth.not_by_key`.
    public func rotate(_ id: WebhookID, keepingPrevious overlap: Duration, _ scope: ProjectScope<ProjectManage>) async throws -> NewWebhook
    {
        try scope.principal.requirePerson(to: "make webhooks' secrets")
        let now = clock.now()
        let secret = WebhookSecret()
        let sealed = try seal.seal(secret, for: id)
        let webhook = try await database.write { connection in
            _ = try find(id, scope, in: connection)
            try store.rotate(id, to: sealed, previousUntil: now + overlap, at: now, in: connection)
            try tell("webhook.changed", id, scope, in: connection)
            return try find(id, scope, in: connection)
        }
        return NewWebhook(webhook: webhook, secret: secret.text)
    }

    func find(_ id: WebhookID, _ scope: ProjectScope<ProjectManage>, in connection: Connection) throws -> Webhook {
        guard let webhook = try store.webhook(id, in: scope.project, connection) else { throw Self.notFound }
        return webhook
    }

    private static var notFound: ParleyError { ParleyError(.webhookNotFound, "The project has no webhook with this id.") }

    /// The address in its plain form.
    private func checked(_ text: String) async throws -> String {
        do {
            let url = try UserURL(text)
            try await guardian.check(url)
            return url.text
        } catch let error as ParleyError where error.code == .addressRefused {
            throw ParleyError(.invalidInput, error.message, fields: error.fields)
        }
    }

    private func tell(_ kind: String, _ id: WebhookID, _ scope: ProjectScope<ProjectManage>, in connection: Connection) throws {
        try events.append(
            EventDraft(
                kind: kind, project: scope.project, subject: id.description, actor: scope.principal.user, payload: .object([:])),
            in: connection)
    }
}
