public import ParleyDatabase

/// The tables of events and jobs.
public enum JobsSchema {
    public static let migrations: [Migration] = [
        Migration(
            "0000_jobs_events",
            up: [
                """
                CREATE TABLE events (
                    number {serial},
                    transaction_id {transaction},
                    id {id} NOT NULL UNIQUE,
                    kind {text} NOT NULL,
                    project_id {id},
                    subject {text} NOT NULL,
                    actor_id {id},
                    payload {json} NOT NULL,
                    created_at {time} NOT NULL
                )
                """,
                "CREATE INDEX events_in_order ON events (transaction_id, number)",
                """
                CREATE TABLE jobs (
                    id {id} PRIMARY KEY,
                    type {text} NOT NULL,
                    payload {json} NOT NULL,
                    subject {text},
                    unique_key {text},
                    lane {id} NOT NULL DEFAULT '',
                    user_id {id},
                    key_id {id},
                    traceparent {text},
                    priority {int} NOT NULL,
                    state {text} NOT NULL CHECK (state IN ('queued', 'running', 'done', 'dead', 'cancelled')),
                    attempts {int} NOT NULL DEFAULT 0,
                    failures {int} NOT NULL DEFAULT 0,
                    max_attempts {int} NOT NULL,
                    deaths {int} NOT NULL DEFAULT 0,
                    run_at {time} NOT NULL,
                    lease_until {time},
                    worker {text},
                    cancel_requested {bool} NOT NULL,
                    progress {real} NOT NULL DEFAULT 0,
                    note {text} NOT NULL DEFAULT '',
                    error {text},
                    created_at {time} NOT NULL,
                    finished_at {time}
                )
                """,
                // Each query has one index that begins with what it asks for, and no second one that does: without statistics PostgreSQL
                // cannot tell a good one from a bad one.
                "CREATE INDEX jobs_to_run ON jobs (type, priority DESC, run_at, id) WHERE state = 'queued' AND deaths < 2",
                "CREATE INDEX jobs_by_lane ON jobs (type, lane, run_at, id) WHERE state = 'queued' AND deaths < 2",
                "CREATE INDEX jobs_suspected ON jobs (priority DESC, run_at, id) WHERE state = 'queued' AND deaths >= 2",
                "CREATE INDEX jobs_dead ON jobs (id) WHERE state = 'dead'",
                "CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running'",
                "CREATE UNIQUE INDEX jobs_unique ON jobs (type, unique_key) WHERE state IN ('queued', 'running') AND unique_key IS NOT NULL",
                "CREATE INDEX jobs_by_subject ON jobs (subject)",
                "CREATE INDEX jobs_over ON jobs (finished_at) WHERE state IN ('done', 'cancelled')",
            ],
            down: ["DROP TABLE jobs", "DROP TABLE events"])
    ]
}
