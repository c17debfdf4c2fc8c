public import ParleyAuthority
public import ParleyCore
import ParleyDatabase
import ParleyHTTP

public enum InvitationKind: IdentifierKind { public static let prefix = "inv" }
public typealias InvitationID = Identifier<InvitationKind>

/// A place in a project that waits for whoever has, or will have, the account with this e-mail address.
public struct Invitation: Sendable, Hashable {
    public let id: InvitationID
    public let project: ProjectID
    public let projectName: String
    /// As accounts have it: in small letters.
    public let email: String
    public let role: ProjectRole
    public let createdAt: Timestamp
}

extension Invitation {
    init(_ row: Row) throws {
        self.init(
            id: try row["id"], project: try row["project_id"], projectName: try row["project_name"], email: try row["email"],
            role: try row["role"], createdAt: try row["created_at"])
    }

    static let schema: Schema<Invitation> = .object(
        "Invitation", "A place in a project that waits for the person with this e-mail address.",
        .field("id", \.id, .id()),
        .field("project_id", \.project, .id()),
        .field("project_name", \.projectName, .string()),
        .field("email", \.email, .string()),
        .field("role", \.role, .enumeration()),
        .field("created_at", \.createdAt, .timestamp()),
        example: Invitation(
            id: InvitationID(at: Timestamp(milliseconds: 1_790_000_000_000)),
            project: ProjectID(at: Timestamp(milliseconds: 1_790_000_000_000)),
            projectName: "Handbook", email: "grace@example.com", role: .editor, createdAt: Timestamp(milliseconds: 1_790_000_000_000)))
}
