import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

extension EndpointTag {
    public static let keys = Self("API keys", "Long-lived secrets with which programs speak for you.")
}

/// API keys over HTTP.
public struct KeyEndpoints: Sendable {
    private let service: KeyService

    public init(service: KeyService) { self.service = service }

    public var endpoints: [Endpoint] {
        [
            .installation(
                .keysManage, .get, path: "/v1/me/keys", id: "keys.list", tag: .keys, summary: "List your API keys",
                output: .page(of: APIKey.schema, KeyStore.list.shape),
                errors: [.notByKey]
            ) { request, scope in
                .page(try await service.keys(request.list(), scope))
            },
            .installation(
                .keysManage, .get, path: "/v1/me/keys/{key}", id: "keys.get", tag: .keys, summary: "Read an API key", output: APIKey.schema,
                errors: [.keyNotFound, .notByKey]
            ) { request, scope in
                .ok(try await service.key(request.id("key"), scope))
            }.versioned(service.version),
            .installation(
                .keysManage, .post, path: "/v1/me/keys", id: "keys.create", tag: .keys, summary: "Make an API key",
                description: "The secret is told once. Send it as `Authorization: Bearer parley_…` wherever an access token is taken.",
                input: KeyInput.schema, output: NewAPIKey.schema, status: 201, errors: [.notByKey, .keyLimit, .projectNotFound],
                cache: .secret
            ) { _, scope, input in
                let new = try await service.add(name: input.name, project: input.project, expiresAt: input.expiresAt, scope)
                return .created(new, location: "/v1/me/keys/\(new.key.id)")
            },
            .installation(
                .keysManage, .delete, path: "/v1/me/keys/{key}", id: "keys.delete", tag: .keys, summary: "Delete an API key",
                description: "It stops working at once.", output: .nothing(), errors: [.keyNotFound, .notByKey]
            ) { request, scope in
                try await service.delete(request.id("key"), scope)
                return .noContent
            }.versioned(service.version),
        ]
    }
}

/// The body that makes a key.
struct KeyInput: Sendable {
    let name: String
    let project: ProjectID?
    let expiresAt: Timestamp?

    static let schema: Schema<KeyInput> = .object(
        "NewKey", "An API key to be.",
        .field("name", \.name, .name(APIKey.nameLength)),
        .field("project_id", \.project, .optional(.id()), "The only project it opens; all of yours when left out."),
        .field("expires_at", \.expiresAt, .optional(.timestamp()), "When it ends; never when left out."),
        example: KeyInput(name: "Notebook", project: nil, expiresAt: nil)
    ) { KeyInput(name: $0, project: $1, expiresAt: $2) }
}

extension APIKey {
    static let example = APIKey(
        id: KeyID(at: Timestamp(milliseconds: 1_790_000_000_000)), user: UserID(at: Timestamp(milliseconds: 1_790_000_000_000)),
        project: nil, name: "Notebook", hint: "parley_k2J8s…", createdAt: Timestamp(milliseconds: 1_790_000_000_000), expiresAt: nil,
        usedAt: nil)

    static let schema: Schema<APIKey> = .object(
        "APIKey", "An API key without its secret.",
        .field("id", \.id, .id()),
        .field("name", \.name, .string()),
        .field("hint", \.hint, .string(), "The secret's first characters."),
        .field("project_id", \.project, .optional(.id()), "The only project it opens; null for all of yours."),
        .field("created_at", \.createdAt, .timestamp()),
        .field("expires_at", \.expiresAt, .optional(.timestamp())),
        .field("used_at", \.usedAt, .optional(.timestamp()), "Last use, to the minute."),
        example: example)
}

extension NewAPIKey {
    static let schema: Schema<NewAPIKey> = .object(
        "APIKeyWithSecret", "A new API key and its secret, which is told only now.",
        .field("key", \.key, APIKey.schema),
        .field("secret", \.secret, .secret(.string()), "Send it as `Authorization: Bearer …`."),
        example: NewAPIKey(key: APIKey.example, secret: "parley_k2J8sW…"))
}
