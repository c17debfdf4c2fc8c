import ParleyAuthority
import ParleyCore
public import ParleyHTTP

/// One's own password over HTTP.
public struct PasswordEndpoints: Sendable {
    private let service: AccountService

    public init(service: AccountService) { self.service = service }

    public var endpoints: [Endpoint] {
        [
            .installation(
                .accountRead, .post, path: "/v1/me/password", id: "me.password", tag: .signIn, summary: "Change your own password",
                description: """
                    Needs the present password. Ends all of your other sessions; your API keys stay. The new password must be as the settings \
                    `password.*` demand and none that you had lately; the problem document says what is wrong with it.
                    """,
                input: PasswordChange.schema, output: .nothing(), errors: [.wrongPassword, .notByKey], rate: .signIn, cache: .secret
            ) { _, scope, input in
                try await service.changePassword(input, scope)
                return .noContent
            }
        ]
    }
}

extension PasswordChange {
    static let schema: Schema<PasswordChange> = .object(
        "PasswordChange", "The present password and the new one.",
        .field("current_password", \.current, .secret(.string(1...200))),
        .field("new_password", \.new, .secret(.string(1...200)), "12 to 128 characters unless the settings say otherwise."),
        example: PasswordChange(current: "an old and narrow bridge", new: "seven ships at anchor")
    ) { PasswordChange(current: $0, new: $1) }
}
