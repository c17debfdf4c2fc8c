import ParleyCore
public import ParleyDatabase

/// The tables of this feature: documents, their revisions, and the chunks of each revision.
public enum LibrarySchema {
    public static let migrations: [Migration] = [
        Migration(
            "0010_library_documents",
            up: [
                """
                CREATE TABLE documents (
                    id {id} PRIMARY KEY,
                    project_id {id} NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                    name {text} NOT NULL \(Document.nameLength.check("name")),
                    content_hash {text} NOT NULL \(TextLength(64...64).check("content_hash")),
                    latest_revision_id {id} NOT NULL,
                    current_revision_id {id},
                    created_by {id} REFERENCES users (id) ON DELETE SET NULL,
                    created_at {time} NOT NULL,
                    updated_at {time} NOT NULL,
                    deleted_at {time},
                    purged_at {time}
                )
                """,
                "CREATE UNIQUE INDEX documents_by_content ON documents (project_id, content_hash) WHERE purged_at IS NULL",
                "CREATE INDEX documents_deleted ON documents (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL",
                "CREATE INDEX documents_leaving ON documents (id) WHERE purged_at IS NOT NULL",
                "CREATE INDEX documents_by_project ON documents (project_id, id)",
                """
                CREATE TABLE document_tags (
                    document_id {id} NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
                    tag {text} NOT NULL \(Document.tagLength.check("tag")),
                    PRIMARY KEY (document_id, tag)
                )
                """,
                """
                CREATE TABLE revisions (
                    id {id} PRIMARY KEY,
                    document_id {id} NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
                    project_id {id} NOT NULL,
                    content_hash {text} NOT NULL,
                    size {int} NOT NULL CHECK (size >= 0),
                    stored_bytes {int} NOT NULL DEFAULT 0,
                    media_type {text} NOT NULL,
                    state {text} NOT NULL CHECK (state IN ('queued', 'parsing', 'chunking', 'embedding', 'ready', 'failed')),
                    progress {real} NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
                    error_code {text},
                    error_message {text},
                    pages {int},
                    chunks {int},
                    title {text},
                    created_at {time} NOT NULL,
                    ready_at {time},
                    version {int} NOT NULL DEFAULT 1
                )
                """,
                "CREATE INDEX revisions_by_document ON revisions (document_id)",
                """
                CREATE TABLE parsed_texts (
                    revision_id {id} PRIMARY KEY REFERENCES revisions (id) ON DELETE CASCADE,
                    text {text} NOT NULL,
                    length {int} NOT NULL,
                    outline {json} NOT NULL
                )
                """,
                """
                CREATE TABLE chunks (
                    id {id} PRIMARY KEY,
                    project_id {id} NOT NULL,
                    document_id {id} NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
                    revision_id {id} NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
                    ordinal {int} NOT NULL,
                    from_offset {int} NOT NULL,
                    to_offset {int} NOT NULL CHECK (to_offset > from_offset),
                    first_page {int},
                    last_page {int},
                    heading_path {json} NOT NULL,
                    tokens {int} NOT NULL,
                    text {text} NOT NULL,
                    search_text {text} NOT NULL,
                    UNIQUE (revision_id, ordinal)
                )
                """,
                "CREATE INDEX chunks_by_project ON chunks (project_id)",
                "CREATE INDEX chunks_by_document ON chunks (document_id)",
            ],
            down: [
                "DROP TABLE chunks", "DROP TABLE parsed_texts", "DROP TABLE revisions", "DROP TABLE document_tags", "DROP TABLE documents",
            ]),
        Migration(
            "0011_library_lists",
            up: [
                "ALTER TABLE documents ADD COLUMN version {int} NOT NULL DEFAULT 1",
                "CREATE INDEX documents_by_name ON documents (project_id, name, id)",
                "CREATE INDEX documents_by_making ON documents (project_id, created_at, id)",
                "CREATE INDEX documents_by_change ON documents (project_id, updated_at, id)",
            ],
            down: [
                "DROP INDEX documents_by_change", "DROP INDEX documents_by_making", "DROP INDEX documents_by_name",
                "ALTER TABLE documents DROP COLUMN version",
            ]),
        Migration(
            "0012_library_quotas",
            up: [
                "CREATE INDEX documents_by_creator ON documents (created_by)",
                "CREATE INDEX revisions_by_content ON revisions (content_hash)",
            ],
            down: ["DROP INDEX revisions_by_content", "DROP INDEX documents_by_creator"]),
        Migration(
            "0013_library_ledger",
            up: [
                "ALTER TABLE revisions ADD COLUMN warnings {json} NOT NULL DEFAULT '[]'",
                "ALTER TABLE chunks ADD COLUMN table_header {text}",
            ],
            down: ["ALTER TABLE chunks DROP COLUMN table_header", "ALTER TABLE revisions DROP COLUMN warnings"]),
    ]
}
