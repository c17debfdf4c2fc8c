import ParleyCore
public import ParleyDatabase

/// The tables of this feature: people, their sessions, projects and who is a member of which.
public enum AccountsSchema {
    public static let migrations: [Migration] = [
        Migration(
            "0001_accounts_users",
            up: [
                """
                CREATE TABLE users (
                    id {id} PRIMARY KEY,
                    email {text} NOT NULL UNIQUE CHECK (email = lower(email)) \(User.emailLength.check("email")),
                    name {text} NOT NULL \(User.nameLength.check("name")),
                    role {text} NOT NULL CHECK (role IN ('admin', 'user', 'viewer')),
                    password_hash {text} NOT NULL,
                    created_at {time} NOT NULL,
                    updated_at {time} NOT NULL,
                    disabled_at {time}
                )
                """,
                """
                CREATE TABLE sessions (
                    id {id} PRIMARY KEY,
                    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                    access_hash {text} NOT NULL UNIQUE,
                    access_expires_at {time} NOT NULL,
                    family_hash {text} NOT NULL UNIQUE,
                    refresh_hash {text} NOT NULL,
                    expires_at {time} NOT NULL,
                    created_at {time} NOT NULL,
                    used_at {time} NOT NULL
                )
                """,
                "CREATE INDEX sessions_by_user ON sessions (user_id)",
                "CREATE INDEX sessions_by_expiry ON sessions (expires_at)",
                """
                CREATE TABLE first_run (
                    token_hash {text} PRIMARY KEY,
                    expires_at {time} NOT NULL
                )
                """,
            ],
            down: ["DROP TABLE first_run", "DROP TABLE sessions", "DROP TABLE users"]),
        Migration(
            "0002_accounts_projects",
            up: [
                """
                CREATE TABLE projects (
                    id {id} PRIMARY KEY,
                    name {text} NOT NULL \(Project.nameLength.check("name")),
                    description {text} NOT NULL DEFAULT '' \(Project.descriptionLength.check("description")),
                    folded_name {text} NOT NULL DEFAULT '',
                    created_by {id} REFERENCES users (id) ON DELETE SET NULL,
                    created_at {time} NOT NULL,
                    updated_at {time} NOT NULL,
                    deleted_at {time}
                )
                """,
                "CREATE INDEX projects_by_folded_name ON projects (folded_name)",
                "CREATE INDEX projects_deleted ON projects (id) WHERE deleted_at IS NOT NULL",
                """
                CREATE TABLE project_members (
                    project_id {id} NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                    role {text} NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')),
                    created_at {time} NOT NULL,
                    PRIMARY KEY (project_id, user_id)
                )
                """,
                "CREATE INDEX project_members_by_user ON project_members (user_id)",
            ],
            down: ["DROP TABLE project_members", "DROP TABLE projects"]),
        Migration(
            "0003_accounts_keys",
            up: [
                """
                CREATE TABLE api_keys (
                    id {id} PRIMARY KEY,
                    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                    project_id {id} REFERENCES projects (id) ON DELETE CASCADE,
                    name {text} NOT NULL \(APIKey.nameLength.check("name")),
                    secret_hash {text} NOT NULL UNIQUE,
                    hint {text} NOT NULL,
                    created_at {time} NOT NULL,
                    expires_at {time},
                    used_at {time}
                )
                """,
                "CREATE INDEX api_keys_by_user ON api_keys (user_id)",
            ],
            down: ["DROP TABLE api_keys"]),
        Migration(
            "0004_accounts_versions",
            up: [
                "ALTER TABLE users ADD COLUMN version {int} NOT NULL DEFAULT 1",
                "ALTER TABLE projects ADD COLUMN version {int} NOT NULL DEFAULT 1",
            ],
            down: ["ALTER TABLE projects DROP COLUMN version", "ALTER TABLE users DROP COLUMN version"]),
        Migration(
            "0005_accounts_quotas",
            up: [
                """
                CREATE TABLE quotas (
                    owner_id {id} PRIMARY KEY,
                    storage {int},
                    documents {int},
                    daily_tokens {int},
                    monthly_tokens {int},
                    version {int} NOT NULL,
                    updated_at {time} NOT NULL
                )
                """
            ],
            down: ["DROP TABLE quotas"]),
        Migration(
            "0006_accounts_invitations",
            up: [
                """
                CREATE TABLE project_invitations (
                    id {id} PRIMARY KEY,
                    project_id {id} NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                    email {text} NOT NULL,
                    role {text} NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')),
                    invited_by {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                    is_declined {bool} NOT NULL,
                    created_at {time} NOT NULL,
                    UNIQUE (project_id, email)
                )
                """,
                "CREATE INDEX project_invitations_by_inviter ON project_invitations (invited_by)",
                "CREATE INDEX project_invitations_by_email ON project_invitations (email)",
            ],
            down: ["DROP TABLE project_invitations"]),
        Migration(
            "0007_accounts_password_history",
            up: [
                """
                CREATE TABLE password_history (
                    password_hash {text} PRIMARY KEY,
                    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                    replaced_at {time} NOT NULL
                )
                """,
                "CREATE INDEX password_history_by_user ON password_history (user_id)",
            ],
            down: ["DROP TABLE password_history"]),
        Migration(
            "0008_accounts_sign_in_failures",
            up: [
                """
                CREATE TABLE sign_in_failures (
                    subject {text} PRIMARY KEY,
                    failures {int} NOT NULL,
                    failed_at {time} NOT NULL,
                    blocked_until {time} NOT NULL
                )
                """,
                "CREATE INDEX sign_in_failures_by_time ON sign_in_failures (failed_at)",
                """
                CREATE TABLE known_devices (
                    token_hash {text} PRIMARY KEY,
                    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                    used_at {time} NOT NULL
                )
                """,
                "CREATE INDEX known_devices_by_user ON known_devices (user_id)",
            ],
            down: ["DROP TABLE known_devices", "DROP TABLE sign_in_failures"]),
    ]
}
