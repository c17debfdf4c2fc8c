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
            down: ["DROP TABLE idempotency_keys"]),
        Migration(
            "0040_contract_bulk",
            up: [
                """
                CREATE TABLE bulk_jobs (
                    id {id} PRIMARY KEY,
                    job_id {id} NOT NULL,
                    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                    project_id {id},
                    collection {text} NOT NULL,
                    path {text} NOT NULL,
                    parameters {json} NOT NULL,
                    version {text} NOT NULL,
                    request_id {text} NOT NULL,
                    total {int} NOT NULL,
                    created_at {time} NOT NULL
                )
                """,
                "CREATE INDEX bulk_jobs_by_user ON bulk_jobs (user_id, id)",
                """
                CREATE TABLE bulk_parts (
                    bulk_id {id} NOT NULL REFERENCES bulk_jobs (id) ON DELETE CASCADE,
                    first {int} NOT NULL,
                    sealed {blob} NOT NULL,
                    PRIMARY KEY (bulk_id, first)
                )
                """,
                """
                CREATE TABLE bulk_outcomes (
                    bulk_id {id} NOT NULL REFERENCES bulk_jobs (id) ON DELETE CASCADE,
                    position {int} NOT NULL,
                    status {int} NOT NULL,
                    outcome {json} NOT NULL,
                    PRIMARY KEY (bulk_id, position)
                )
                """,
            ],
            down: ["DROP TABLE bulk_outcomes", "DROP TABLE bulk_parts", "DROP TABLE bulk_jobs"]),
    ]
}
