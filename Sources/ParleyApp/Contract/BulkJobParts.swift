import ParleyCore
import ParleyDatabase
import ParleyHTTP

/// Operations that follow one another, as they wait in the database: sealed, since secrets may stand in any of them.
struct BulkPart: Sendable {
    /// The place of its first operation among all.
    let first: Int
    let sealed: [UInt8]
}

/// The operations that are next.
struct WaitingBulk: Sendable {
    let part: BulkPart
    /// How many operations have their outcomes; they are done in order.
    let done: Int
    let total: Int
}

/// What became of one operation, as its row has it.
struct StoredOutcome: Sendable {
    let position: Int
    let status: Int
    let text: JSONText

    init(_ outcome: BulkOutcome) {
        (position, status) = (outcome.index, outcome.status)
        text = JSONText(encoded: BulkOutcome.schema.encode(outcome))
    }
}

extension SecretSeal {
    /// All operations in parts of so many, made before any transaction begins.
    func parts(_ operations: [BulkOperation], of size: Int, for id: BulkID) throws -> [BulkPart] {
        // fits: the size is a constant of the job
        try stride(from: 0, to: operations.count, by: size).map { first in
            let part = operations[first..<min(first + size, operations.count)]
            return BulkPart(first: first, sealed: try seal(Self.schema.encode(Array(part)), for: Self.place(id, first)))
        }
    }

    /// - Throws: `unavailable` when the key is another one.
    func operations(_ part: BulkPart, of id: BulkID) throws -> [BulkOperation] {
        try Self.schema.decode(JSONValue(parsing: open(part.sealed, for: Self.place(id, part.first)), .stored))
    }

    private static let schema: Schema<[BulkOperation]> = .array(BulkOperation.schema)

    private static func place(_ id: BulkID, _ first: Int) -> String { "\(id) \(first)" }
}
