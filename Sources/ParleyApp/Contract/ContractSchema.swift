import ParleyDatabase

/// The tables that the rules of the API need.
enum ContractSchema {
    static let migrations: [Migration] = [
        Migration(
            "0020_contract_idempotency",
            up: [
                """
                CREATE TABLE idempotency_keys (
                    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                    key {text} NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
                    fingerprint {text} NOT NULL,
                    attempt {id} NOT NULL,
                    held_until {time} NOT NULL,
                    status {int},
                    headers {json},
                    body {blob},
                    expires_at {time} NOT NULL,
                    PRIMARY KEY (user_id, key)
                )
                """,
                "CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at)",
            ],
            down: ["DROP TABLE idempotency_keys"])
    ]
}
