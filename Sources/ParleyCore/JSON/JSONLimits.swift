/// How much a JSON text may hold. Each limit is looked at before what would pass it is built, so that neither time nor memory grows faster
/// than the text, and whatever walks a value afterwards goes no deeper than `depth`.
public struct JSONLimits: Sendable {
    /// Lists and objects within each other.
    public var depth: Int
    /// Of one object.
    public var members: Int
    /// Of a member's name, bytes.
    public var name: Int
    /// Of a number, bytes.
    public var number: Int
    /// In the whole text, lists and objects included.
    public var values: Int

    public init(depth: Int = 64, members: Int = 1000, name: Int = 256, number: Int = 1000, values: Int = 1_000_000) {
        (self.depth, self.members, self.name, self.number, self.values) = (depth, members, name, number, values)
    }

    /// For what this program wrote itself, such as a column: all that was let in once, and what was put around it.
    public static let stored = JSONLimits(depth: 96, members: .max, name: .max, values: .max)
}

/// Why a text is not taken as JSON, and where.
public struct JSONError: Error, Sendable, CustomStringConvertible {
    public let reason: String
    /// From 1.
    public let line: Int
    /// In bytes, from 1.
    public let column: Int

    public var description: String { "\(reason) (line \(line), column \(column))" }
}
