public import ParleyDatabase

/// The tables of this feature: webhooks, what was delivered to them, and how far the events were read.
public enum NotificationsSchema {
    public static let migrations: [Migration] = [
        Migration(
            "0040_notifications_webhooks",
            up: [
                """
                CREATE TABLE webhooks (
                    id {id} PRIMARY KEY,
                    project_id {id} NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                    url {text} NOT NULL,
                    description {text} NOT NULL,
                    kinds {json} NOT NULL,
                    enabled {bool} NOT NULL,
                    disabled_reason {text},
                    secret {blob} NOT NULL,
                    previous_secret {blob},
                    previous_until {time},
                    failing_since {time},
                    created_by {id},
                    created_at {time} NOT NULL,
                    updated_at {time} NOT NULL
                )
                """,
                "CREATE INDEX webhooks_by_project ON webhooks (project_id, id)",
                """
                CREATE TABLE webhook_deliveries (
                    id {id} PRIMARY KEY,
                    webhook_id {id} NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
                    event_id {id} NOT NULL,
                    kind {text} NOT NULL,
                    body {text} NOT NULL,
                    state {text} NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed', 'skipped')),
                    round {int} NOT NULL,
                    tries {int} NOT NULL,
                    attempts {json} NOT NULL,
                    next_at {time},
                    created_at {time} NOT NULL,
                    finished_at {time},
                    UNIQUE (webhook_id, event_id)
                )
                """,
                "CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, id)",
                "CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at)",
                """
                CREATE TABLE event_readers (
                    name {text} PRIMARY KEY,
                    position {text} NOT NULL,
                    updated_at {time} NOT NULL
                )
                """,
            ],
            down: ["DROP TABLE event_readers", "DROP TABLE webhook_deliveries", "DROP TABLE webhooks"])
    ]
}
