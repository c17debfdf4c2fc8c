internal import ParleyCore

extension JSONValue {
    /// A number of tokens as a service tells it: never negative, and never so many that counts cannot be added up.
    var tokenCount: Int? { int.map { Int(clamping: min(max($0, 0), 1_000_000_000)) } }
}
