import ParleyCore
import ParleyDatabase

/// The rows of webhooks.
struct WebhookStore: Sendable {
    private static let columns: SQL = """
        id, project_id, url, description, kinds, enabled, disabled_reason, failing_since, previous_until, created_at, updated_at
        """

    func insert(_ webhook: Webhook, secret: [UInt8], by user: UserID, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO webhooks (id, project_id, url, description, kinds, enabled, secret, created_by, created_at, updated_at)
            VALUES (\(webhook.id), \(webhook.project), \(webhook.url), \(webhook.description), \(Self.json(webhook.kinds)),
                \(webhook.isEnabled), \(secret), \(user), \(webhook.createdAt), \(webhook.updatedAt))
            """)
    }

    static let list = ListSource(
        [
            .column("id", .id, "webhooks.id", isSortable: true), .column("url", .text, "webhooks.url", isSortable: true),
            .column("enabled", .bool, "webhooks.enabled"), .column("created_at", .time, "webhooks.created_at", isSortable: true),
            .column("updated_at", .time, "webhooks.updated_at", isSortable: true),
        ], key: "id")

    private static let listVersion: SQL = """
        id || ' ' || CAST(updated_at AS TEXT) || ' ' || CAST(enabled AS TEXT) || ' ' || coalesce(CAST(failing_since AS TEXT), '') || ' '
            || coalesce(CAST(previous_until AS TEXT), '')
        """

    func webhooks(_ query: ListQuery, of project: ProjectID, in connection: Connection) throws -> ListSlice<Webhook> {
        try Self.list.slice(
            query, select: Self.columns, from: "webhooks", where: "project_id = \(project)", version: Self.listVersion, in: connection
        ) { try $0.map(Webhook.init) }
    }

    /// All of a project's webhooks; there is a limit to how many it may have.
    func webhooks(of project: ProjectID, in connection: Connection) throws -> [Webhook] {
        try connection.rows("SELECT \(fragment: Self.columns) FROM webhooks WHERE project_id = \(project) ORDER BY id").map(Webhook.init)
    }

    static func version(of id: WebhookID) -> RowVersion {
        RowVersion(
            "SELECT updated_at AS v0, enabled AS v1, failing_since AS v2, previous_until AS v3 FROM webhooks WHERE id = \(id)",
            lock: "webhooks")
    }

    func count(of project: ProjectID, in connection: Connection) throws -> Int {
        let row = try connection.row("SELECT count(*) AS n FROM webhooks WHERE project_id = \(project)")
        return try row?["n"] ?? 0
    }

    func webhook(_ id: WebhookID, in project: ProjectID, _ connection: Connection) throws -> Webhook? {
        try connection.row("SELECT \(fragment: Self.columns) FROM webhooks WHERE id = \(id) AND project_id = \(project)").map(Webhook.init)
    }

    /// Whichever project it is of; for the server's own work.
    func webhook(_ id: WebhookID, in connection: Connection) throws -> Webhook? {
        try connection.row("SELECT \(fragment: Self.columns) FROM webhooks WHERE id = \(id)").map(Webhook.init)
    }

    /// The sealed secrets that sign at this moment, the present one first.
    func secrets(of id: WebhookID, at now: Timestamp, in connection: Connection) throws -> [[UInt8]] {
        guard let row = try connection.row("SELECT secret, previous_secret, previous_until FROM webhooks WHERE id = \(id)") else {
            return []
        }
        let previous: [UInt8]? = try row["previous_secret"]
        let until: Timestamp? = try row["previous_until"]
        let present: [UInt8] = try row["secret"]
        return [present] + (until.map { $0 > now } == true ? previous.map { [$0] } ?? [] : [])
    }

    func update(_ webhook: Webhook, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE webhooks SET url = \(webhook.url), description = \(webhook.description), kinds = \(Self.json(webhook.kinds)),
                enabled = \(webhook.isEnabled), disabled_reason = \(webhook.disabledReason), failing_since = \(webhook.failingSince),
                updated_at = \(webhook.updatedAt)
            WHERE id = \(webhook.id)
            """)
    }

    /// The present secret becomes the previous one, which signs until this moment.
    func rotate(_ id: WebhookID, to secret: [UInt8], previousUntil: Timestamp, at now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE webhooks SET previous_secret = secret, previous_until = \(previousUntil), secret = \(secret), updated_at = \(now)
            WHERE id = \(id)
            """)
    }

    func setFailing(_ id: WebhookID, since: Timestamp?, in connection: Connection) throws {
        try connection.execute("UPDATE webhooks SET failing_since = \(since) WHERE id = \(id)")
    }

    func delete(_ id: WebhookID, in project: ProjectID, _ connection: Connection) throws -> Bool {
        try connection.execute("DELETE FROM webhooks WHERE id = \(id) AND project_id = \(project)") == 1
    }

    private static func json(_ kinds: [WebhookEventKind]) -> JSONValue { .array(kinds.map { .string($0.rawValue) }) }
}

extension Webhook {
    init(_ row: Row) throws {
        id = try row["id"]
        project = try row["project_id"]
        url = try row["url"]
        description = try row["description"]
        let kinds: JSONValue = try row["kinds"]
        self.kinds = (kinds.array ?? []).compactMap { $0.string.flatMap(WebhookEventKind.init) }
        isEnabled = try row["enabled"]
        disabledReason = try row["disabled_reason"]
        failingSince = try row["failing_since"]
        previousSecretUntil = try row["previous_until"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
