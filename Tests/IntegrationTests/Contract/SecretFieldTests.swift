import ParleyCore
import ParleyDatabase
import Testing

@testable import ParleyApp
@testable import ParleyHTTP

extension WithInstallations {
    /// Fields that carry secrets are marked, and the mark has its effects.
    @Suite struct SecretFieldTests {
        private static let marked: Set = [
            "FirstRun.token", "FirstRun.password", "SignIn.password", "Refresh.refresh_token", "Session.access_token",
            "Session.refresh_token", "SignIn.device_token", "Session.device_token", "PasswordChange.current_password",
            "PasswordChange.new_password", "NewUser.password", "UserChange.password", "APIKeyWithSecret.secret", "WebhookWithSecret.secret",
            "DownloadLink.url",
        ]

        @Test func theyAreMarked() throws {
            let endpoints = try Installation.on(.sqlite).parley.endpoints
            let objects = endpoints.flatMap { $0.output.objects + ($0.input?.objects ?? []) }
            var found: Set<String> = []
            for object in objects {
                for member in object.members {
                    if case .secret = member.shape.stripped { found.insert("\(object.name).\(member.name)") }
                    let isNamedSo =
                        ["password", "secret", "token", "passphrase", "api_key"].contains(member.name) || member.name.hasSuffix("_token")
                    if isNamedSo { #expect(member.shape.holdsSecrets, "mark \(object.name).\(member.name)") }
                }
            }
            #expect(Self.marked.isSubset(of: found), "\(Self.marked.subtracting(found))")
        }

        @Test func answersWithThemAreKeptByNobody() throws {
            let endpoints = try Installation.on(.sqlite).parley.endpoints
            let telling = endpoints.filter { $0.output.holdsSecrets }
            #expect(telling.count >= 6)
            for endpoint in telling { #expect(endpoint.cache == .secret, "\(endpoint.id)") }
            for collection in BulkCollection.all(in: endpoints) {
                #expect(!collection.operations.values.contains { $0.output.holdsSecrets }, "\(collection.id)")
            }
        }

        @Test func theDocumentSaysSo() async throws {
            let document = try await Caller(base: try Installation.on(.sqlite).base).send(.get, "/openapi.json").json
            let schemas = document["components"]?["schemas"]
            let sent = schemas?["SignIn"]?["properties"]?["password"]
            #expect(sent?["writeOnly"] == true && sent?["format"] == "password", "\(sent?.text ?? "")")
            let told = schemas?["APIKeyWithSecret"]?["properties"]?["secret"]
            #expect(told?["writeOnly"] == nil && told?["format"] == "password", "\(told?.text ?? "")")
        }
    }
}

extension SchemaShape {
    /// The shape without what says that it may be missing.
    fileprivate var stripped: SchemaShape {
        switch self {
        case .nullable(let shape), .defaulted(let shape, _), .change(let shape): shape.stripped
        default: self
        }
    }
}
