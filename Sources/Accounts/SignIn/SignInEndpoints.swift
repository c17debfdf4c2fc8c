import ParleyAuthority
import ParleyCore
public import ParleyHTTP

extension EndpointTag {
    public static let signIn = Self("Sign-in", "Ways in: the first administrator's one-time link, passwords, refresh tokens.")
}

/// Sign-in over HTTP. None of these answers may be stored by anyone on the way.
public struct SignInEndpoints: Sendable {
    private let service: SignInService
    private let accounts: AccountService

    public init(service: SignInService, accounts: AccountService) { (self.service, self.accounts) = (service, accounts) }

    public var endpoints: [Endpoint] {
        [
            .open(
                .post, path: "/v1/auth/first-run", id: "auth.firstRun", tag: .signIn, summary: "Make the first administrator",
                description: "The token comes from the one-time link that the server prints as long as nobody has an account.",
                input: FirstRunInput.schema, output: SignedIn.schema, errors: [.firstRunRejected], rate: .signIn, cache: .secret
            ) { _, input in
                .ok(try await service.firstRun(token: input.token, email: input.email, name: input.name, password: input.password))
            },
            .open(
                .post, path: "/v1/auth/sign-in", id: "auth.signIn", tag: .signIn, summary: "Sign in with a password",
                description: """
                    After several failures the next try has to wait, as `Retry-After` says. Keep `device_token` and send it with later sign-ins: \
                    a device that is known so is not shut out by somebody else's failures.
                    """,
                input: SignInInput.schema, output: SignedIn.schema, errors: [.wrongCredentials, .tooManyFailures], rate: .signIn,
                cache: .secret
            ) { request, input in
                .ok(
                    try await service.signIn(
                        SignInAttempt(
                            email: input.email, password: input.password, device: input.device, remoteAddress: request.remoteAddress)))
            },
            .open(
                .post, path: "/v1/auth/refresh", id: "auth.refresh", tag: .signIn, summary: "Trade a refresh token for new tokens",
                description: "A refresh token works once. Using one a second time ends its session, however many came after it.",
                input: RefreshInput.schema, output: SignedIn.schema, errors: [.refreshRejected], rate: .signIn, cache: .secret
            ) { _, input in
                .ok(try await service.refresh(input.refreshToken))
            },
            .open(
                .post, path: "/v1/auth/sign-out", id: "auth.signOut", tag: .signIn, summary: "End a session",
                description: "With any refresh token that the session has had.", input: RefreshInput.schema, output: .nothing(),
                rate: .signIn, cache: .secret
            ) { _, input in
                try await service.signOut(refreshToken: input.refreshToken)
                return .noContent
            },
            .installation(
                .usersManage, .post, path: "/v1/users/{user}/unlock", id: "users.unlock", tag: .users,
                summary: "Let a person sign in without waiting", description: "Forgets the failed sign-ins to the account.",
                output: .nothing(), errors: [.userNotFound, .notByKey]
            ) { request, scope in
                try await service.liftDelay(of: request.id("user"), scope)
                return .noContent
            },
            .installation(
                .accountRead, .get, path: "/v1/me", id: "me.get", tag: .signIn, summary: "Read your own account", output: User.schema
            ) { _, scope in
                .ok(try await accounts.me(scope))
            },
        ]
    }
}

/// The body of the first sign-in.
struct FirstRunInput: Sendable {
    let token: String
    let email: String
    let name: String
    let password: String

    static let schema: Schema<FirstRunInput> = .object(
        "FirstRun", "The first administrator.",
        .field("token", \.token, .secret(.string(1...200)), "From the first-login link."),
        .field("email", \.email, .string(User.emailLength)),
        .field("name", \.name, .name(User.nameLength)),
        .field("password", \.password, .secret(.string(1...200)), "12 to 128 characters unless the settings say otherwise."),
        example: FirstRunInput(token: "q8v…", email: "ada@example.com", name: "Ada", password: "a long and quiet river")
    ) { FirstRunInput(token: $0, email: $1, name: $2, password: $3) }
}

/// The body of a sign-in.
struct SignInInput: Sendable {
    let email: String
    let password: String
    let device: String?

    static let schema: Schema<SignInInput> = .object(
        "SignIn", "An address and its password.",
        .field("email", \.email, .string(1...254)),
        .field("password", \.password, .secret(.string(1...200))),
        .field("device_token", \.device, .optional(.secret(.string(1...200))), "What an earlier sign-in on this device was answered."),
        example: SignInInput(email: "ada@example.com", password: "a long and quiet river", device: nil)
    ) { SignInInput(email: $0, password: $1, device: $2) }
}

/// A body that holds a refresh token.
struct RefreshInput: Sendable {
    let refreshToken: String

    static let schema: Schema<RefreshInput> = .object(
        "Refresh", "A refresh token.",
        .field("refresh_token", \.refreshToken, .secret(.string(1...200))),
        example: RefreshInput(refreshToken: "mF3…")
    ) { RefreshInput(refreshToken: $0) }
}

extension SignedIn {
    static let schema: Schema<SignedIn> = .object(
        "Session", "Tokens of a session, and whose it is.",
        .field("access_token", \.accessToken, .secret(.string()), "Send it as `Authorization: Bearer …`."),
        .field("token_type", { @Sendable _ in "Bearer" }, .string()),
        .field("expires_in", \.expiresIn, .int(), "Seconds the access token works."),
        .field("refresh_token", \.refreshToken, .secret(.string()), "Good for one refresh."),
        .field(
            "device_token", \.deviceToken, .optional(.secret(.string())),
            "For later sign-ins on this device; null where the device is known already, and where nobody signed in with a password."),
        .field("user", \.user, User.schema),
        example: SignedIn(accessToken: "k2J…", expiresIn: 900, refreshToken: "mF3…", deviceToken: "pV7…", user: User.example))
}
