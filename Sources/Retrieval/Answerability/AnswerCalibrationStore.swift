import ParleyCore
import ParleyDatabase

/// The rows of calibrations, one for an embedding space.
struct AnswerCalibrationStore: Sendable {
    /// The space's own calibration, or the one that comes with the product; nil when there is neither.
    func calibration(of space: SpaceID, in connection: Connection) throws -> AnswerCalibration? {
        try calibration(where: "embedding_spaces.id = \(space)", in: connection)
    }

    /// The same by what identifies the embedding model; nothing may have been embedded by it yet.
    func calibration(for identity: String, in connection: Connection) throws -> AnswerCalibration? {
        try calibration(where: "embedding_spaces.identity = \(identity)", in: connection) ?? AnswerCalibration.packaged(for: identity)
    }

    private func calibration(where condition: SQL, in connection: Connection) throws -> AnswerCalibration? {
        let row = try connection.row(
            """
            SELECT embedding_spaces.identity AS identity, answer_calibrations.calibration AS calibration FROM embedding_spaces
            LEFT JOIN answer_calibrations ON answer_calibrations.space_id = embedding_spaces.id WHERE \(fragment: condition)
            """)
        guard let row else { return nil }
        if let stored: JSONText = try row["calibration"] { return try stored.value() }
        return AnswerCalibration.packaged(for: try row["identity"])
    }

    func put(_ calibration: AnswerCalibration, of space: SpaceID, at now: Timestamp, in connection: Connection) throws {
        let json = try JSONText(calibration)
        try connection.execute(
            """
            INSERT INTO answer_calibrations (space_id, calibration, calibrated_at) VALUES (\(space), \(json), \(now))
            ON CONFLICT (space_id) DO UPDATE SET calibration = excluded.calibration, calibrated_at = excluded.calibrated_at
            """)
    }
}
