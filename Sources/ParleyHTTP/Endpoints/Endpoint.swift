public import ParleyAuthority
public import ParleyCore

/// One endpoint as a value. The router, the OpenAPI document, the reference page and the checks at the door all come from
/// a list of these. Made only by the factories, each of which says who may call: anyone, or who holds a permission.
public struct Endpoint: Sendable {
    public enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// Who may call.
    public enum Access: Hashable, Sendable {
        /// Anyone, signed in or not.
        case open
        /// Who holds this permission on the installation.
        case installation(Permission)
        /// Who holds this permission on the project that the path names.
        case project(Permission)
    }

    public let access: Access
    public let method: Method
    /// With parameters in braces, e.g. `/v1/projects/{project}`.
    public let path: String
    /// Unique and stable, e.g. `documents.get`; the operation's id in the OpenAPI document and its name in logs and metrics.
    public let id: String
    public let tag: EndpointTag
    public let summary: String
    public let description: String
    /// What stands after `?`, the parameters that come with the output's form included.
    public let query: [QueryParameter]
    /// The form of the JSON body; nil when there is none.
    public let input: SchemaShape?
    /// The media types of a raw body; empty when there is none.
    public let accepts: [MediaRange]
    public let output: SchemaShape
    /// The status of a success.
    public let status: Int
    /// Other statuses of a success, and the form of each.
    public private(set) var otherSuccesses: [Int: SchemaShape] = [:]
    /// Whether the answer can come as server-sent events too, when the body asks for it.
    public private(set) var canStream = false
    /// What can go wrong beyond what every endpoint can answer.
    public let errors: [ErrorCode]
    public let rate: RateClass
    public let cache: CachePolicy
    /// How its resource tells its version; nil when it does not.
    public internal(set) var versions: ResourceVersion?
    /// Whether a write must say which version it means.
    public internal(set) var requiresPrecondition = false
    /// Slow work for which no transaction may wait, done beforehand for an operation in bulk; nil when there is none.
    var prepare: (@Sendable (any Sendable, Principal) async throws -> Void)?
    /// Whether one request asks for as much as many, and counts as that many.
    public private(set) var isCountedByContent = false
    /// How errors are told.
    var dialect = ErrorDialect.problem
    /// That it should not be used any more; nil while it should.
    public internal(set) var deprecation: Deprecation?

    /// The names in braces in the path, in order.
    let pathParameters: [String]

    /// Whether it speaks a foreign protocol, whose rules are others.
    public var isForeign: Bool { dialect.answer != nil }

    let run: @Sendable (EndpointRequest, Gate) async throws -> ReplyMaker
    /// The input that a JSON value stands for; nil when there is none.
    let decode: (@Sendable (JSONValue) throws -> any Sendable)?

    init<Output>(
        _ access: Access, _ method: Method, path: String, id: String, tag: EndpointTag, summary: String, description: String,
        query: [QueryParameter], input: SchemaShape? = nil, accepts: [MediaRange] = [], output: Schema<Output>, status: Int?,
        errors: [ErrorCode], rate: RateClass, cache: CachePolicy, decode: (@Sendable (JSONValue) throws -> any Sendable)? = nil,
        run: @escaping @Sendable (EndpointRequest, Gate) async throws -> Reply<Output>
    ) {
        (self.access, self.method, self.path, self.id, self.tag) = (access, method, path, id, tag)
        pathParameters = Self.parameters(of: path)
        (self.summary, self.description, self.input, self.accepts) = (summary, description, input, accepts)
        self.query = query + QueryParameter.implied(by: output.shape, method)
        (self.output, self.errors, self.rate) = (output.shape, errors, rate)
        self.cache = output.shape.holdsSecrets ? .secret : cache
        if let status { self.status = status } else if case .nothing = output.shape { self.status = 204 } else { self.status = 200 }
        self.decode = decode
        self.run = { request, gate in ReplyMaker(try await run(request, gate), output) }
    }

    /// The endpoint, which may also answer with another status of success.
    /// - Parameter shape: of that answer; the same as ever when left out.
    public func orStatus(_ status: Int, _ shape: SchemaShape? = nil) -> Endpoint {
        var endpoint = self
        endpoint.otherSuccesses[status] = shape ?? output
        return endpoint
    }

    /// The endpoint, which may also answer with server-sent events.
    public func orEvents() -> Endpoint {
        var endpoint = self
        endpoint.canStream = true
        return endpoint
    }

    /// The endpoint, whose slow work for an input is done into `Preparation.current` before the transaction of many changes begins.
    public func preparing<Input: Sendable>(_ work: @escaping @Sendable (Input, Principal) async throws -> Void) -> Endpoint {
        var endpoint = self
        endpoint.prepare = { decoded, principal in
            if let input = decoded as? Input { try await work(input, principal) }
        }
        return endpoint
    }

    /// The endpoint, whose handler tells by `EndpointRequest.count(as:)` for how much a request asks. It has no place in bulk.
    public func countedByContent() -> Endpoint {
        var endpoint = self
        endpoint.isCountedByContent = true
        return endpoint
    }

    private static func parameters(of path: String) -> [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") && $0.hasSuffix("}") }.map { String($0.dropFirst().dropLast()) }
    }
}

/// A chapter of the reference; chapters stand in the order in which the endpoints first name them.
public struct EndpointTag: Hashable, Sendable {
    public let name: String
    public let description: String

    public init(_ name: String, _ description: String) { (self.name, self.description) = (name, description) }
}

/// Which budget of requests a call draws on.
public enum RateClass: String, Sendable, CaseIterable {
    case ordinary, signIn, question, upload, bulk, health
}

/// What the answer's `Cache-Control` says.
public enum CachePolicy: Hashable, Sendable {
    /// `private, no-cache`: kept by the caller alone and asked about each time, so that ETags work.
    case privateNoCache
    /// `no-store`: a secret is in the answer.
    case secret
    /// `no-store`: what it tells is true for a moment alone.
    case momentary
    /// `public, max-age`: the same for everyone.
    case publicFor(seconds: Int)
    /// `public, max-age` of a year, `immutable`: the path names the content.
    case immutable

    /// Whether the answer may be kept at all, so that a tag makes sense.
    var allowsTags: Bool { self != .secret && self != .momentary }

    var header: String {
        switch self {
        case .privateNoCache: "private, no-cache"
        case .secret, .momentary: "no-store"
        case .immutable: "public, max-age=31536000, immutable"
        case .publicFor(let seconds): "public, max-age=\(seconds)"
        }
    }
}

/// Media types that a raw body may have.
public struct MediaRange: Hashable, Sendable, ExpressibleByStringLiteral {
    /// Such as `application/pdf`, `text/*` or `*/*`.
    public let text: String

    public init(stringLiteral text: String) { self.text = text }

    public static let multipart: Self = "multipart/form-data"
    public static let anything: Self = "*/*"

    /// Whether a media type (lower case, without parameters) lies within.
    func contains(_ type: String) -> Bool {
        if text == "*/*" || text == type { return true }
        return text.hasSuffix("/*") && type.hasPrefix(text.dropLast())
    }
}
