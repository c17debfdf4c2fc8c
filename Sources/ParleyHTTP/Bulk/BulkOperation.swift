public import ParleyCore

/// One change of many: what to do, with which item, and the body that the single endpoint takes.
public struct BulkOperation: Sendable, Hashable {
    public var name: String
    public var id: String?
    /// JSON text.
    public var body: [UInt8]?

    public init(name: String, id: String? = nil, body: [UInt8]? = nil) { (self.name, self.id, self.body) = (name, id, body) }

    public static let schema: Schema<BulkOperation> = .object(
        "BulkOperation", "One change of many.",
        .field("op", \.name, .string(1...50), "`create`, `update`, `set`, `delete`, or an action such as `retry`."),
        .field("id", \.id, .optional(.string(1...200)), "Of the item; for everything but `create`."),
        .field("body", \.body, .optional(.jsonText()), "What the single endpoint takes."),
        example: BulkOperation(name: "update", id: "prj_01M82TA686FX6R6M73T92GDESR", body: Array(#"{"name":"Handbook 2027"}"#.utf8))
    ) { BulkOperation(name: $0, id: $1, body: $2) }
}

/// What became of one operation.
public struct BulkOutcome: Sendable, Hashable {
    /// Its place among the operations, from 0.
    public var index: Int
    public var name: String
    public var id: String?
    /// What the single endpoint would have answered.
    public var status: Int
    public var body: JSONValue
    /// The problem document; nil when it was done.
    public var error: JSONValue?

    public init(index: Int, name: String, id: String?, status: Int, body: JSONValue = .null, error: JSONValue? = nil) {
        (self.index, self.name, self.id) = (index, name, id)
        (self.status, self.body, self.error) = (status, body, error)
    }

    public var isDone: Bool { error == nil }

    public static let schema: Schema<BulkOutcome> = .object(
        "BulkOutcome", "What became of one operation.",
        .field("index", \.index, .int(), "Its place among the operations, from 0."),
        .field("op", \.name, .string()),
        .field("id", \.id, .optional(.string())),
        .field("status", \.status, .int(), "As the single endpoint would have answered."),
        .field("body", \.body, .json(), "As the single endpoint would have answered; null when it answers nothing."),
        .field("error", \.error, .optional(.json()), "The problem document when it was not done."),
        example: BulkOutcome(index: 0, name: "delete", id: "prj_01M82TA686FX6R6M73T92GDESR", status: 204)
    ) { BulkOutcome(index: $0, name: $1, id: $2, status: $3, body: $4, error: $5) }
}

/// Whether operations stand and fall together.
public enum BulkMode: String, Sendable, CaseIterable {
    /// Each is done or not by itself.
    case each
    /// All are done, or none.
    case atomic
}

/// What became of all operations.
struct BulkResult: Sendable {
    let mode: BulkMode
    let items: [BulkOutcome]

    static let schema: Schema<BulkResult> = .object(
        "BulkResult", "What became of the operations, in their order.",
        .field("mode", \.mode, .enumeration()),
        .field("succeeded", { @Sendable in $0.items.count { $0.isDone } }, .int()),
        .field("failed", { @Sendable in $0.items.count { !$0.isDone } }, .int()),
        .field("items", \.items, .array(BulkOutcome.schema)),
        example: BulkResult(mode: .each, items: [BulkOutcome(index: 0, name: "delete", id: "prj_01M82TA686FX6R6M73T92GDESR", status: 204)]))
}

/// The results, or the job that will have them.
enum BulkAnswer: Sendable {
    case result(BulkResult)
    case job(JSONValue)

    static let schema = Schema<BulkAnswer>(BulkResult.schema.shape) { _, pointer, errors in
        errors.refuse(pointer, "is never sent to the server")
    } write: { answer, writer in
        switch answer {
        case .result(let result): BulkResult.schema.write(result, &writer)
        case .job(let status): writer.write(status)
        }
    }
}

/// The body of a bulk request.
struct BulkInput: Sendable {
    let operations: [BulkOperation]

    static let schema: Schema<BulkInput> = .object(
        "Bulk", "Changes to be made in this order. The same as `application/x-ndjson`: one operation a line.",
        .field("operations", \.operations, .array(BulkOperation.schema, 1...BulkLimits.job)),
        example: BulkInput(operations: [BulkOperation(name: "delete", id: "prj_01M82TA686FX6R6M73T92GDESR")])
    ) { BulkInput(operations: $0) }
}

/// How many operations there may be.
public enum BulkLimits {
    /// Answered at once; more become a job.
    public static let direct = 1000
    /// In a job.
    public static let job = 100_000
    /// JSON values in all of them together.
    static let values = 4_000_000
}

extension ErrorCode {
    public static let bulkUndone = Self("bulk.undone", .unprocessable, "Some operations failed, so none was done")
    public static let bulkTooMany = Self("bulk.too_many", .unprocessable, "There are too many operations")
    public static let bulkNotKnown = Self("bulk.operation_unknown", .unprocessable, "The collection does not know the operation")

    static let ofBulk: [ErrorCode] = [.bulkUndone, .bulkTooMany, .bulkNotKnown]
}
