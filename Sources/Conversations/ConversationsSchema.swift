import ParleyCore
public import ParleyDatabase

/// The tables of this feature: threads, the tree of messages, and the log of each answer's events.
public enum ConversationsSchema {
    public static let migrations: [Migration] = [
        Migration(
            "0030_conversations_threads",
            up: [
                """
                CREATE TABLE threads (
                    id {id} PRIMARY KEY,
                    project_id {id} NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                    created_by {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                    title {text} NOT NULL \(ChatThread.titleLength.check("title")),
                    created_at {time} NOT NULL,
                    updated_at {time} NOT NULL,
                    deleted_at {time}
                )
                """,
                "CREATE INDEX threads_by_owner ON threads (project_id, created_by, id)",
                """
                CREATE TABLE messages (
                    id {id} PRIMARY KEY,
                    thread_id {id} NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
                    parent_id {id} REFERENCES messages (id) ON DELETE CASCADE,
                    role {text} NOT NULL CHECK (role IN ('user', 'assistant')),
                    content {text} NOT NULL,
                    state {text} NOT NULL CHECK (state IN ('complete', 'generating', 'failed', 'cancelled')),
                    outcome {json} NOT NULL,
                    job_id {id},
                    attempt {int} NOT NULL DEFAULT 0,
                    created_at {time} NOT NULL
                )
                """,
                "CREATE INDEX messages_by_thread ON messages (thread_id, id)",
                "CREATE INDEX messages_by_parent ON messages (parent_id)",
                """
                CREATE TABLE answer_events (
                    message_id {id} NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
                    number {int} NOT NULL,
                    kind {text} NOT NULL,
                    payload {json} NOT NULL,
                    PRIMARY KEY (message_id, number)
                )
                """,
            ],
            down: ["DROP TABLE answer_events", "DROP TABLE messages", "DROP TABLE threads"]),
        Migration(
            "0031_conversations_models",
            up: [
                """
                CREATE TABLE project_chat_settings (
                    project_id {id} PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
                    settings {json} NOT NULL,
                    updated_at {time} NOT NULL
                )
                """,
                // What was used stays known when messages, projects and people go: no column refers to another table.
                """
                CREATE TABLE answer_usage (
                    message_id {id} NOT NULL,
                    purpose {text} NOT NULL,
                    user_id {id} NOT NULL,
                    project_id {id} NOT NULL,
                    model {text} NOT NULL,
                    day {text} NOT NULL,
                    prompt_tokens {int} NOT NULL,
                    completion_tokens {int} NOT NULL,
                    is_estimate {bool} NOT NULL,
                    cost {int} NOT NULL,
                    at {time} NOT NULL,
                    PRIMARY KEY (message_id, purpose)
                )
                """,
                "CREATE INDEX answer_usage_by_project ON answer_usage (project_id, day)",
                "CREATE INDEX answer_usage_by_user ON answer_usage (user_id, at)",
                "CREATE INDEX answer_usage_by_time ON answer_usage (at)",
            ],
            down: ["DROP TABLE answer_usage", "DROP TABLE project_chat_settings"]),
        Migration(
            "0032_conversations_temporary_threads",
            up: [
                "ALTER TABLE threads ADD COLUMN is_temporary {bool} NOT NULL DEFAULT FALSE",
                "CREATE INDEX threads_temporary ON threads (created_by, created_at) WHERE is_temporary",
            ],
            down: ["DROP INDEX threads_temporary", "ALTER TABLE threads DROP COLUMN is_temporary"]),
        Migration(
            "0033_conversations_traces",
            up: [
                """
                CREATE TABLE answer_traces (
                    message_id {id} PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
                    trace {json} NOT NULL
                )
                """
            ],
            down: ["DROP TABLE answer_traces"]),
        Migration(
            "0034_conversations_lists",
            up: [
                "ALTER TABLE threads ADD COLUMN version {int} NOT NULL DEFAULT 1",
                "ALTER TABLE messages ADD COLUMN version {int} NOT NULL DEFAULT 1",
                "ALTER TABLE project_chat_settings ADD COLUMN version {int} NOT NULL DEFAULT 1",
                "CREATE INDEX threads_by_change ON threads (project_id, created_by, updated_at, id)",
            ],
            down: [
                "DROP INDEX threads_by_change", "ALTER TABLE project_chat_settings DROP COLUMN version",
                "ALTER TABLE messages DROP COLUMN version", "ALTER TABLE threads DROP COLUMN version",
            ]),
        Migration(
            "0035_conversations_quotas",
            up: [
                """
                CREATE TABLE token_reservations (
                    message_id {id} PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
                    user_id {id} NOT NULL,
                    project_id {id} NOT NULL,
                    tokens {int} NOT NULL,
                    created_at {time} NOT NULL
                )
                """
            ],
            down: ["DROP TABLE token_reservations"]),
        Migration(
            "0036_conversations_models",
            up: [
                """
                CREATE TABLE language_models (
                    id {id} PRIMARY KEY,
                    name {text} NOT NULL UNIQUE,
                    dialect {text} NOT NULL,
                    url {text} NOT NULL,
                    model {text} NOT NULL,
                    api_key {blob},
                    context_window {int} NOT NULL,
                    prompt_price {real} NOT NULL,
                    completion_price {real} NOT NULL,
                    created_at {time} NOT NULL,
                    updated_at {time} NOT NULL
                )
                """
            ],
            down: ["DROP TABLE language_models"]),
    ]
}
