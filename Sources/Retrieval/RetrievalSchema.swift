public import ParleyDatabase

/// The tables of this feature: embedding spaces, the vectors of chunks in each, and each space's calibration.
public enum RetrievalSchema {
    public static let migrations: [Migration] = [
        Migration(
            "0020_retrieval_embeddings",
            up: [
                """
                CREATE TABLE embedding_spaces (
                    id {id} PRIMARY KEY,
                    identity {text} NOT NULL UNIQUE,
                    dimensions {int} NOT NULL CHECK (dimensions > 0),
                    created_at {time} NOT NULL
                )
                """,
                """
                CREATE TABLE embeddings (
                    space_id {id} NOT NULL REFERENCES embedding_spaces (id) ON DELETE CASCADE,
                    chunk_id {id} NOT NULL REFERENCES chunks (id) ON DELETE CASCADE,
                    vector {blob} NOT NULL,
                    PRIMARY KEY (chunk_id, space_id)
                )
                """,
            ],
            down: ["DROP TABLE embeddings", "DROP TABLE embedding_spaces"]),
        Migration(
            "0021_retrieval_calibrations",
            up: [
                """
                CREATE TABLE answer_calibrations (
                    space_id {id} PRIMARY KEY REFERENCES embedding_spaces (id) ON DELETE CASCADE,
                    calibration {json} NOT NULL,
                    calibrated_at {time} NOT NULL
                )
                """
            ],
            down: ["DROP TABLE answer_calibrations"]),
    ]
}
