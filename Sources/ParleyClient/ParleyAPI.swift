public import Foundation

/// A Parley server, as its clients see it.
///
///     let parley = ParleyAPI(server: URL(string: "https://parley.example.com")!, token: "parley_…")
///     let project: ParleyAPI.Project = try await parley.post("/v1/projects", ["name": "Handbook"])
///     let document = try await parley.upload(URL(filePath: "handbook.pdf"), to: project.id)
///     _ = try await parley.reading(of: document.id, in: project.id)
///     for try await event in try await parley.ask("When is the office open?", in: project.id) {
///         if case .text(let text) = event.content { print(text, terminator: "") }
///     }
///
/// Every call throws `ParleyAPI.Problem`, or `CancellationError`. A call that failed for a passing reason is made again after a pause (see
/// `RetryRule`): reads as they are, changes with the `Idempotency-Key` that every change gets, so that nothing is carried out twice.
///
/// Values of your own types go in and come out as JSON; `createdAt` in Swift is `created_at` on the wire, and a `Date` is an RFC 3339 time.
public struct ParleyAPI: Sendable {
    /// Where the server is, without `/v1`.
    public let server: URL
    /// When and how often a call is made again.
    public var retry = RetryRule()
    let credentials: Credentials

    /// - Parameters:
    ///   - token: an API key, or the access token of a session.
    ///   - refreshToken: of the session, which is then renewed when its access token ends.
    public init(server: URL, token: String, refreshToken: String? = nil) {
        self.init(server: server, tokens: Tokens(accessToken: token, refreshToken: refreshToken))
    }

    private init(server: URL, tokens: Tokens?) { (self.server, credentials) = (server, Credentials(tokens)) }

    /// Signs in with a password. The session is renewed when its access token ends.
    /// - Throws: `Problem` with `auth.wrong_credentials`.
    public static func signIn(to server: URL, email: String, password: String) async throws -> ParleyAPI {
        let stranger = ParleyAPI(server: server, tokens: nil)
        let tokens: Tokens = try await stranger.post("/v1/auth/sign-in", ["email": email, "password": password])
        return ParleyAPI(server: server, tokens: tokens)
    }

    /// Ends the session of `signIn`; nothing to do for a token.
    public func signOut() async throws {
        guard let token = await credentials.refreshToken else { return }
        try await call(.post, "/v1/auth/sign-out", body: ["refresh_token": token])
    }
}

/// When and how often a call is made again.
public struct RetryRule: Sendable {
    /// Tries in all, the first one included.
    public var attempts = 4
    /// The longest pause before the second try; it doubles with each one. Chance decides how much of it is waited.
    public var firstPause = Duration.milliseconds(250)
    /// The longest pause that is waited. A server that asks for a longer one with `Retry-After` ends the call.
    public var longestPause = Duration.seconds(30)

    public init() {}

    /// How long to wait after so many tries; nil to give up.
    func pause(after tries: Int, asked: Duration?) -> Duration? {
        guard tries < attempts, (asked ?? .zero) <= longestPause else { return nil }
        let growing = min(longestPause, firstPause * (1 << min(tries - 1, 20)))  // fits: doubled 20 times at most
        return max(asked ?? .zero, growing * Double.random(in: 0.5...1))  // fits: a share of a bounded pause
    }
}

/// What lets a session in, as `POST /v1/auth/sign-in` answers it.
struct Tokens: Codable, Sendable {
    let accessToken: String
    let refreshToken: String?
}

/// The tokens in force. A refresh token works once, so that of all calls that need a new access token one renews it.
actor Credentials {
    private var tokens: Tokens?
    private var renewal: Task<Tokens, any Error>?

    init(_ tokens: Tokens?) { self.tokens = tokens }

    var accessToken: String? { tokens?.accessToken }
    var refreshToken: String? { tokens?.refreshToken }

    /// Another access token than this one; nil when there is none to be had.
    func renewed(_ old: String?, _ renew: @escaping @Sendable (_ refreshToken: String) async throws -> Tokens) async throws -> String? {
        if tokens?.accessToken != old { return tokens?.accessToken }
        guard let refreshToken = tokens?.refreshToken else { return nil }
        if let renewal { return try await renewal.value.accessToken }
        // A task of its own: whoever is cancelled, the others still get the token that can be had only once.
        // The new tokens are in force before anybody is told.
        let task = Task {
            defer { renewal = nil }
            let new = try await renew(refreshToken)
            tokens = new
            return new
        }
        renewal = task
        return try await task.value.accessToken
    }
}
