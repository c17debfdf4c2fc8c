import Foundation
import ParleyCore

/// A value in a column of JSON as its own coding writes it, e.g. a job's payload: written and read in one pass, without a tree between. Foundation
/// may read it, since we wrote it: values that came from outside are in it as our own types have them, of bounded depth.
public struct JSONText: Sendable {
    public let text: String

    /// - Throws: `EncodingError`.
    public init(_ value: some Encodable) throws { text = String(decoding: try JSONEncoder().encode(value), as: UTF8.self) }

    /// - Parameter encoded: JSON text that this program has just written.
    public init(encoded: [UInt8]) { text = String(decoding: encoded, as: UTF8.self) }

    /// - Throws: `DecodingError` when the column holds something else.
    public func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}

extension JSONText: SQLValueConvertible {
    /// PostgreSQL knows no U+0000; see `String.sqlValue`.
    public var sqlValue: SQLValue {
        guard text.contains("\\u0000"), let value = try? JSONValue(parsing: text.utf8, .stored) else { return .json(text) }
        return value.sqlValue
    }

    public init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .json(let text), .text(let text): self.text = text
        default: return nil
        }
    }
}
