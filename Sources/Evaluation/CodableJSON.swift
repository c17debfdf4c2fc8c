import Foundation
import ParleyCore

extension JSONValue {
    /// A value as its own coding writes it, for a column of JSON.
    init(encoding value: some Encodable) throws { self = try JSONValue(parsing: JSONEncoder().encode(value)) }

    func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
