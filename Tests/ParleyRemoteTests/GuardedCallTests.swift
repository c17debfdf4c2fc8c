import Foundation
import NIOHTTP1
import NIOSSL
import ParleyCore
import ParleyTelemetry
import Synchronization
import Testing

@testable import ParleyRemote

/// Calls to addresses that users name, against real servers on this machine. 127.0.0.1 is allowed here, all else inside is not.
@Suite struct GuardedCallTests {
    /// Tells addresses by a script, and counts who asks.
    private final class Names: HostResolver {
        private let answers: Mutex<[String: [[String]]]>
        private let count = Mutex(0)
        var asked: Int { count.withLock { $0 } }

        init(_ answers: [String: [[String]]]) { self.answers = Mutex(answers) }

        func addresses(of name: String) async throws -> [NetworkAddress] {
            count.withLock { $0 += 1 }
            return answers.withLock { answers in
                guard var list = answers[name], let next = list.first else { return [] }
                if list.count > 1 { list.removeFirst() }
                answers[name] = list
                return next.compactMap { NetworkAddress($0) }
            }
        }
    }

    private func client(
        _ names: any HostResolver = SystemResolver(), plain: Bool = true, deadline: Duration = .seconds(20),
        allowed: String = "127.0.0.1/32",
        authorities: String? = nil
    ) -> RemoteClient {
        var configuration = AddressGuard.Configuration()
        configuration.allowedRanges = [NetworkRange(allowed)].compactMap { $0 }
        configuration.plainHTTP = plain
        var policy = RemoteClient.Configuration()
        policy.deadline = deadline
        policy.attempts = 1
        policy.authorities = authorities
        return RemoteClient(policy, guardian: AddressGuard(configuration, resolver: names), telemetry: .silent())
    }

    private func code(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? ParleyError)?.code.name ?? "\(error)"
        }
    }

    private func port(_ server: LocalServer) -> String { server.url.split(separator: ":").last.map(String.init) ?? "" }

    @Test func theCallGoesToTheAddressThatWasLookedAt() async throws {
        try await LocalServer.with(.always(.whole(200, [], "hello"))) { server in
            // A name that the system does not know: only the address that was looked at can be meant.
            let names = Names(["hooks.test": [["127.0.0.1"]], "xn--bcher-kva.test": [["127.0.0.1"]]])
            let client = client(names)
            for name in ["hooks.test", "xn--bcher-kva.test"] {
                let answer = try await client.sendGuarded(RemoteRequest("test", url: "http://\(name):\(port(server))/x?y"))
                #expect(answer.status == 200 && answer.body == Array("hello".utf8))
            }
            #expect(
                server.received.map { $0.headers["host"].first } == ["hooks.test:\(port(server))", "xn--bcher-kva.test:\(port(server))"])
            #expect(server.received[0].uri == "/x?y" && !server.received[0].headers.contains(name: "traceparent"))
            #expect(names.asked == 2, "a name is asked for once for each call")
        }
    }

    /// The connection goes to the address that was looked at, and the certificate must be of the name that was asked for.
    @Test func theNameOfTheCertificateIsChecked() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "parley-authority-\(UUID().uuidString).pem")
        try TestCertificates.authority.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let certificate = try NIOSSLCertificate(bytes: Array(TestCertificates.server.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(TestCertificates.key.utf8), format: .pem)
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
        try await LocalServer.with(.always(.whole(200, [], "hello")), tls: context) { server in
            let names = Names(["hooks.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]]])
            let client = client(names, plain: false, authorities: file.path)
            let answer = try await client.sendGuarded(RemoteRequest("test", url: "https://hooks.test:\(port(server))/"))
            #expect(answer.status == 200 && server.received.map { $0.headers["host"].first } == ["hooks.test:\(port(server))"])
            // A certificate of another name, an address that is no name of the certificate, and an authority that nobody trusts.
            for (client, host) in [(client, "other.test"), (client, "127.0.0.1"), (self.client(names, plain: false), "hooks.test")] {
                let refusal = await code {
                    _ = try await client.sendGuarded(RemoteRequest("test", url: "https://\(host):\(port(server))/"))
                }
                #expect(refusal == "remote.unreachable", "\(host)")
            }
            #expect(server.received.count == 1, "nothing is sent to who is not known")
        }
    }

    /// All were looked at, so that any may be called; but a request that may have arrived is not made a second time.
    @Test func anAddressThatDoesNotAnswerIsPassedOver() async throws {
        let script = LocalServer.Script { $0.uri == "/cut" ? .pieces(["half"], then: .cut) : .whole(200, [], "hello") }
        try await LocalServer.with(script) { server in
            let names = Names([
                "two.test": [["127.0.0.3", "127.0.0.1"]], "none.test": [["127.0.0.3", "127.0.0.4"]],
                "cut.test": [["127.0.0.1", "127.0.0.1"]],
            ])
            let client = client(names, allowed: "127.0.0.0/8")
            let answer = try await client.sendGuarded(RemoteRequest("test", .post, url: "http://two.test:\(port(server))/"))
            #expect(answer.status == 200 && server.received.count == 1)
            #expect(
                await code { _ = try await client.sendGuarded(RemoteRequest("test", url: "http://none.test:\(port(server))/")) }
                    == "remote.unreachable")
            #expect(
                await code { _ = try await client.sendGuarded(RemoteRequest("test", .post, url: "http://cut.test:\(port(server))/cut")) }
                    == "remote.unreachable")
            #expect(server.received.count { $0.uri == "/cut" } == 1)
        }
    }

    @Test func aNameThatChangesItsMindReachesNothingInside() async throws {
        try await LocalServer.with(.always(.whole(200))) { server in
            let names = Names(["rebind.test": [["127.0.0.1"], ["127.0.0.2"]], "mixed.test": [["127.0.0.1", "10.0.0.1"]], "none.test": []])
            let client = client(names)
            let first = try await client.sendGuarded(RemoteRequest("test", url: "http://rebind.test:\(port(server))/"))
            #expect(first.status == 200)
            #expect(
                await code { _ = try await client.sendGuarded(RemoteRequest("test", url: "http://rebind.test:\(port(server))/")) }
                    == "remote.address_refused")
            #expect(
                await code { _ = try await client.sendGuarded(RemoteRequest("test", url: "http://mixed.test:\(port(server))/")) }
                    == "remote.address_refused")
            #expect(
                await code { _ = try await client.sendGuarded(RemoteRequest("test", url: "http://none.test:\(port(server))/")) }
                    == "remote.unreachable")
            #expect(server.received.count == 1)
            #expect(client.telemetry.metrics.prometheusText().contains("parley_remote_addresses_refused_total{call=\"test\"} 2"))
        }
    }

    @Test(arguments: [
        "http://127.0.0.2", "http://[::1]", "http://[::ffff:127.0.0.2]", "http://[::ffff:7f00:2]", "http://169.254.169.254",
        "http://localhost.",
        "http://[64:ff9b::7f00:2]", "http://0.0.0.0", "http://2130706434",
    ])
    func whatLeadsInsideIsRefusedBeforeAnythingIsSent(_ address: String) async throws {
        try await LocalServer.with(.always(.whole(200))) { server in
            let names = Names(["localhost": [["127.0.0.1", "::1"]]])
            #expect(
                await code { _ = try await client(names).sendGuarded(RemoteRequest("test", url: "\(address):\(port(server))/")) }
                    == "remote.address_refused")
            #expect(server.received.isEmpty)
        }
    }

    @Test func theMappedFormOfAnAllowedAddressIsThatAddress() async throws {
        try await LocalServer.with(.always(.whole(200))) { server in
            let answer = try await client().sendGuarded(RemoteRequest("test", url: "http://[::ffff:127.0.0.1]:\(port(server))/"))
            #expect(answer.status == 200)
        }
    }

    @Test func theSystemsOwnNamesAreLookedAt() async throws {
        // Without allowed ranges, a name of the hosts file leads inside.
        let client = RemoteClient(telemetry: .silent())
        let refusal = await code { try await client.guardian.check(UserURL("https://localhost/")) }
        #expect(refusal == "remote.address_refused")
        let found = try await SystemResolver().addresses(of: "localhost")
        #expect(found.contains(NetworkAddress(bytes: [127, 0, 0, 1])))
    }

    @Test func plainAddressesNeedTheSetting() async throws {
        try await LocalServer.with(.always(.whole(200))) { server in
            #expect(
                await code { _ = try await client(plain: false).sendGuarded(RemoteRequest("test", url: server.url)) }
                    == "remote.address_refused")
            #expect(server.received.isEmpty)
        }
    }

    @Test func everyRedirectIsLookedAt() async throws {
        let script = LocalServer.Script { received in
            switch received.uri {
            case "/inside": .whole(302, [("Location", "http://127.0.0.2:1/secret")])
            case "/metadata": .whole(307, [("Location", "http://169.254.169.254/latest/meta-data")])
            case "/file": .whole(302, [("Location", "file:///etc/passwd")])
            case "/rebind":
                .whole(302, [("Location", "http://rebind.test:\(received.headers["host"].first?.split(separator: ":").last ?? "80")/end")])
            case "/loop": .whole(302, [("Location", "/loop")])
            case "/start": .whole(303, [("Location", "end?1")])
            default: .whole(200, [], "\(received.method)\(received.headers["authorization"])")
            }
        }
        try await LocalServer.with(script) { server in
            let client = client(Names(["rebind.test": [["10.1.2.3"]]]))
            func get(_ path: String, _ redirects: Int = 5) async throws -> RemoteResponse {
                var request = RemoteRequest("test", .post, url: server.url + path)
                (request.body, request.bearer) = ([1], Secret("key"))
                return try await client.sendGuarded(request, redirects: redirects)
            }
            for path in ["/inside", "/metadata", "/file", "/rebind"] {
                #expect(await code { _ = try await get(path) } == "remote.address_refused", "\(path)")
            }
            #expect(await code { _ = try await get("/loop") } == "remote.rejected")
            #expect(server.received.filter { $0.uri == "/loop" }.count == 6)
            #expect(await code { _ = try await get("/start", 0) } == "remote.rejected", "none is followed unless asked for")
            let end = try await get("/start")
            #expect(String(decoding: end.body, as: UTF8.self) == "GET[\"Bearer key\"]")
        }
    }

    @Test func credentialsDoNotGoToAnotherHost() async throws {
        try await LocalServer.with(.always(.whole(200))) { other in
            try await LocalServer.with(.always(.whole(307, [("Location", other.url + "/x")]))) { server in
                var request = RemoteRequest("test", .post, url: server.url)
                (request.body, request.bearer) = ([1, 2], Secret("key"))
                _ = try await client().sendGuarded(request, redirects: 1)
                #expect(server.received[0].headers.contains(name: "authorization"))
                #expect(!other.received[0].headers.contains(name: "authorization"))
                #expect(other.received[0].method == "POST" && other.received[0].body == [1, 2])
            }
        }
    }

    @Test func timeAndSizeAreLimited() async throws {
        let script = LocalServer.Script { $0.uri == "/silent" ? .silence : .pieces([String(repeating: "x", count: 4096)], then: .silence) }
        try await LocalServer.with(script) { server in
            let client = client(deadline: .milliseconds(200))
            var request = RemoteRequest("test", url: server.url + "/silent")
            #expect(await code { _ = try await client.sendGuarded(request) } == "remote.timeout")
            request.url = server.url + "/endless"
            #expect(await code { _ = try await client.sendGuarded(request) } == "remote.timeout")
            request.maxResponse = .kib(1)
            #expect(await code { _ = try await client.sendGuarded(request) } == "remote.too_large")
        }
    }

    @Test func aNameThatNobodyAnswersForDoesNotHoldTheCall() async throws {
        struct Silent: HostResolver {
            func addresses(of name: String) async throws -> [NetworkAddress] {
                try await Task.sleep(for: .seconds(60))
                return []
            }
        }
        let started = ContinuousClock.now
        let client = client(Silent(), deadline: .milliseconds(100))
        #expect(await code { _ = try await client.sendGuarded(RemoteRequest("test", url: "http://slow.test/")) } == "remote.timeout")
        #expect(started.duration(to: .now) < .seconds(30))
    }

    @Test func hostsThatUsersNameShareOneNameInTheMetrics() async throws {
        try await LocalServer.with(.always(.whole(500))) { server in
            let client = client()
            for _ in 0..<6 { _ = await code { _ = try await client.sendGuarded(RemoteRequest("test", url: server.url)) } }
            #expect(server.received.count == 5, "the breaker is open")
            let text = client.telemetry.metrics.prometheusText()
            #expect(text.contains("host=\"named-by-users\"") && !text.contains(port(server)))
            #expect(client.circuits.isEmpty, "users cannot make the server look unwell")
        }
    }
}
