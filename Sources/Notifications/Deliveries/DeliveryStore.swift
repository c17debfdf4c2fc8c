import ParleyCore
public import ParleyDatabase

extension DeliveryState: SQLValueConvertible {}

/// The rows of deliveries, and how far the events were read for them.
struct DeliveryStore: Sendable {
    private static let columns: SQL = """
        id, webhook_id, event_id, kind, body, state, round, tries, attempts, next_at, created_at, finished_at
        """

    /// False when the webhook has this event already.
    func insert(_ delivery: Delivery, in connection: Connection) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO webhook_deliveries (id, webhook_id, event_id, kind, body, state, round, tries, attempts, next_at, created_at,
                finished_at)
            VALUES (\(delivery.id), \(delivery.webhook), \(delivery.event), \(delivery.kind.rawValue), \(delivery.body),
                \(delivery.state), \(delivery.round), \(delivery.tries), \(Self.json(delivery.attempts)), \(delivery.nextAt),
                \(delivery.createdAt), \(delivery.finishedAt))
            ON CONFLICT (webhook_id, event_id) DO NOTHING
            """) == 1
    }

    func delivery(_ id: DeliveryID, in connection: Connection) throws -> Delivery? {
        try connection.row("SELECT \(fragment: Self.columns) FROM webhook_deliveries WHERE id = \(id)").map(Delivery.init)
    }

    static let list = ListSource(
        [
            .column("id", .id, "webhook_deliveries.id", isSortable: true),
            .column("state", .choice(DeliveryState.allCases.map(\.rawValue)), "webhook_deliveries.state"),
            .column("event", .text, "webhook_deliveries.kind"),
            .column("created_at", .time, "webhook_deliveries.created_at", isSortable: true),
        ], key: "id")

    private static let version: SQL = """
        id || ' ' || state || ' ' || round || ' ' || tries || ' ' || coalesce(CAST(next_at AS TEXT), '') || ' '
            || coalesce(CAST(finished_at AS TEXT), '')
        """

    /// A webhook's deliveries.
    func deliveries(_ query: ListQuery, of webhook: WebhookID, in connection: Connection) throws -> ListSlice<Delivery> {
        try Self.list.slice(
            query, select: Self.columns, from: "webhook_deliveries", where: "webhook_id = \(webhook)", version: Self.version, in: connection
        ) { try $0.map(Delivery.init) }
    }

    /// Deliveries that can be replayed, the oldest first.
    func replayable(_ replay: ReplayWork, limit: Int, in connection: Connection) throws -> [Delivery] {
        let states: [String] = ["failed", "skipped"] + (replay.includesDelivered ? ["delivered"] : [])
        return try connection.rows(
            """
            SELECT \(fragment: Self.columns) FROM webhook_deliveries
            WHERE webhook_id = \(replay.webhook) AND id > \(replay.after?.description ?? "") AND state IN \(list: states)
                AND created_at >= \(Timestamp(milliseconds: replay.since)) AND created_at <= \(Timestamp(milliseconds: replay.until))
                AND kind <> \(WebhookEventKind.webhookTest.rawValue)
            ORDER BY id LIMIT \(limit)
            """
        ).map(Delivery.init)
    }

    func update(_ delivery: Delivery, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE webhook_deliveries SET state = \(delivery.state), round = \(delivery.round), tries = \(delivery.tries),
                attempts = \(Self.json(delivery.attempts)), next_at = \(delivery.nextAt), finished_at = \(delivery.finishedAt)
            WHERE id = \(delivery.id)
            """)
    }

    func remove(before: Timestamp, in connection: Connection) throws {
        try connection.execute("DELETE FROM webhook_deliveries WHERE created_at < \(before) AND state <> 'waiting'")
    }

    /// How far a reader of the events has come.
    func position(of reader: String, in connection: Connection) throws -> String? {
        try connection.row("SELECT position FROM event_readers WHERE name = \(reader)").map { try $0["position"] }
    }

    func setPosition(_ position: String, of reader: String, at now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO event_readers (name, position, updated_at) VALUES (\(reader), \(position), \(now))
            ON CONFLICT (name) DO UPDATE SET position = excluded.position, updated_at = excluded.updated_at
            """)
    }

    private static func json(_ attempts: [DeliveryAttempt]) -> JSONValue { .array(attempts.map(\.json)) }
}

extension Delivery {
    init(_ row: Row) throws {
        id = try row["id"]
        webhook = try row["webhook_id"]
        event = try row["event_id"]
        let kind: String = try row["kind"]
        self.kind = WebhookEventKind(rawValue: kind) ?? .webhookTest
        body = try row["body"]
        state = try row["state"]
        round = try row["round"]
        tries = try row["tries"]
        let attempts: JSONValue = try row["attempts"]
        self.attempts = (attempts.array ?? []).compactMap(DeliveryAttempt.init)
        nextAt = try row["next_at"]
        createdAt = try row["created_at"]
        finishedAt = try row["finished_at"]
    }
}

extension DeliveryAttempt {
    fileprivate var json: JSONValue {
        [
            "at": .int(at.milliseconds), "milliseconds": .int(Int64(milliseconds)), "status": status.map { .int(Int64($0)) } ?? .null,
            "error": error.map { .string($0) } ?? .null, "response": response.map { .string($0) } ?? .null,
        ]
    }

    fileprivate init?(_ json: JSONValue) {
        guard let at = json["at"]?.int, let milliseconds = json["milliseconds"]?.int else { return nil }
        self.at = Timestamp(milliseconds: at)
        self.milliseconds = Int(milliseconds)
        status = json["status"]?.int.map { Int($0) }
        error = json["error"]?.string
        response = json["response"]?.string
    }
}
