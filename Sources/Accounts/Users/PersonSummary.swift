public import ParleyCore
public import ParleyDatabase
public import ParleyHTTP

/// As much of a person as those see who work with them.
public struct PersonSummary: Sendable, Hashable {
    public let id: UserID
    public let name: String

    /// From a row with `person_id` and `person_name`.
    public init(_ row: Row) throws { (id, name) = (try row["person_id"], try row["person_name"]) }

    private init(id: UserID, name: String) { (self.id, self.name) = (id, name) }

    public static let schema: Schema<PersonSummary> = .object(
        "Person", "As much of a person as those see who work with them.",
        .field("id", \.id, .id()),
        .field("name", \.name, .string()),
        example: PersonSummary(id: User.example.id, name: "Ada"))
}
