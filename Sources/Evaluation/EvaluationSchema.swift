import ParleyCore
public import ParleyDatabase

/// The tables of this feature: question sets, runs with their results, the gate of a project's settings, and feedback.
public enum EvaluationSchema {
    public static let migrations: [Migration] = [
        Migration(
            "0060_evaluation",
            up: sets + runs + gates + feedback,
            down: [
                "DROP TABLE answer_feedback", "DROP TABLE settings_proposals", "DROP TABLE settings_gates", "DROP TABLE run_results",
                "DROP TABLE evaluation_runs", "DROP TABLE set_questions", "DROP TABLE question_sets",
            ])
    ]

    private static let sets = [
        """
        CREATE TABLE question_sets (
            id {id} PRIMARY KEY,
            project_id {id} NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
            name {text} NOT NULL \(QuestionSet.nameLength.check("name")),
            description {text} NOT NULL,
            takes_feedback {bool} NOT NULL,
            created_at {time} NOT NULL,
            updated_at {time} NOT NULL,
            version {int} NOT NULL DEFAULT 1,
            UNIQUE (project_id, name)
        )
        """,
        """
        CREATE TABLE set_questions (
            id {id} PRIMARY KEY,
            set_id {id} NOT NULL REFERENCES question_sets (id) ON DELETE CASCADE,
            key {text},
            question {text} NOT NULL,
            answerable {bool},
            expected {json} NOT NULL,
            answer {text},
            tags {json} NOT NULL,
            source {text} NOT NULL,
            message_id {id},
            created_at {time} NOT NULL,
            updated_at {time} NOT NULL,
            version {int} NOT NULL DEFAULT 1,
            UNIQUE (set_id, key)
        )
        """,
        "CREATE INDEX set_questions_by_set ON set_questions (set_id, id)",
    ]

    private static let runs = [
        """
        CREATE TABLE evaluation_runs (
            id {id} PRIMARY KEY,
            set_id {id} NOT NULL REFERENCES question_sets (id) ON DELETE CASCADE,
            project_id {id} NOT NULL,
            job_id {id},
            name {text} NOT NULL,
            plan {json} NOT NULL,
            makers {json} NOT NULL,
            state {text} NOT NULL,
            total {int} NOT NULL,
            outcome {json} NOT NULL,
            created_by {id} NOT NULL,
            created_at {time} NOT NULL,
            finished_at {time},
            version {int} NOT NULL DEFAULT 1
        )
        """,
        "CREATE INDEX evaluation_runs_by_set ON evaluation_runs (set_id, id)",
        """
        CREATE TABLE run_results (
            run_id {id} NOT NULL REFERENCES evaluation_runs (id) ON DELETE CASCADE,
            position {int} NOT NULL,
            question_id {id} NOT NULL,
            result {json} NOT NULL,
            PRIMARY KEY (run_id, position)
        )
        """,
    ]

    private static let gates = [
        """
        CREATE TABLE settings_gates (
            project_id {id} PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
            set_id {id} REFERENCES question_sets (id) ON DELETE CASCADE,
            run_id {id} REFERENCES evaluation_runs (id) ON DELETE CASCADE,
            rules {json} NOT NULL,
            updated_at {time} NOT NULL,
            version {int} NOT NULL DEFAULT 1
        )
        """,
        """
        CREATE TABLE settings_proposals (
            id {id} PRIMARY KEY,
            project_id {id} NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
            run_id {id} REFERENCES evaluation_runs (id) ON DELETE SET NULL,
            settings {json} NOT NULL,
            settings_version {int} NOT NULL,
            state {text} NOT NULL,
            verdict {json} NOT NULL,
            created_by {id} NOT NULL,
            created_at {time} NOT NULL,
            finished_at {time},
            version {int} NOT NULL DEFAULT 1
        )
        """,
        "CREATE INDEX settings_proposals_by_project ON settings_proposals (project_id, id)",
        "CREATE INDEX settings_proposals_by_run ON settings_proposals (run_id)",
    ]

    private static let feedback = [
        """
        CREATE TABLE answer_feedback (
            id {id} PRIMARY KEY,
            project_id {id} NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
            thread_id {id} NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
            message_id {id} NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
            user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            rating {text} NOT NULL,
            reason {text},
            comment {text} NOT NULL,
            passage {json} NOT NULL,
            question_id {id} REFERENCES set_questions (id) ON DELETE SET NULL,
            created_at {time} NOT NULL,
            updated_at {time} NOT NULL,
            version {int} NOT NULL DEFAULT 1,
            UNIQUE (message_id, user_id)
        )
        """,
        "CREATE INDEX answer_feedback_by_project ON answer_feedback (project_id, id)",
    ]
}
