/// One invalid field of an input. Pointer and message are cut where they are longer than anyone reads.
public struct FieldError: Hashable, Sendable {
    /// Where: a JSON pointer (RFC 6901) into the body, or a parameter's name.
    public let pointer: String
    /// Why, fit for the person who sent it.
    public let message: String

    public init(_ pointer: String, _ message: String) {
        (self.pointer, self.message) = (pointer.shortened(to: 300), message.shortened(to: 500))
    }
}

/// What is wrong with an input, as it is found. After so many errors nobody looks for more, so that a hostile input costs little and gets a
/// small answer.
public struct FieldErrors: Sendable {
    /// How many are named.
    public static let most = 100

    public private(set) var list: [FieldError] = []
    /// Whether there are more than the list names: time to stop.
    public private(set) var isFull = false

    public init() {}

    public var isEmpty: Bool { list.isEmpty }

    public mutating func append(_ error: FieldError) {
        if list.count < Self.most { list.append(error) } else { isFull = true }
    }

    public mutating func append(contentsOf errors: some Sequence<FieldError>) {
        for error in errors where !isFull { append(error) }
    }

    /// Notes the error and gives nil, so that a reader can end in one line.
    public mutating func refuse<Value>(_ pointer: String, _ message: String) -> Value? {
        append(FieldError(pointer, message))
        return nil
    }

    /// Such as "3 fields are not valid; see errors."
    /// - Parameter words: what they are called, several of them.
    public func summary(_ words: String) -> String {
        isFull
            ? "More than \(Self.most) \(words) are not valid; the first \(Self.most) stand in errors."
            : "\(list.count) \(words) are not valid; see errors."
    }
}
