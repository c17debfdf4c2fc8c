import NIOCore
import NIOPosix
import ParleyCore
import Synchronization
import Testing

@testable import ParleyHTTP

@Suite(.timeLimit(.minutes(1))) struct OpenConnectionsTests {
    private final class Dropped: Sendable {
        private let names = Mutex<[String]>([])
        var all: [String] { names.withLock { $0 } }
        func note(_ name: String) -> @Sendable () -> Void { { self.names.withLock { $0.append(name) } } }
    }

    @Test func theLongestIdleMakesRoom() throws {
        let connections = OpenConnections(most: 3, mostOfOne: 2)
        let dropped = Dropped()
        let first = try #require(connections.open(from: "a", close: dropped.note("a1")))
        _ = try #require(connections.open(from: "a", close: dropped.note("a2")))
        first.isBusy()
        #expect(connections.open(from: "a", close: dropped.note("a3")) != nil && dropped.all == ["a2"], "of the same address")
        #expect(connections.open(from: "b", close: dropped.note("b1")) != nil && dropped.all == ["a2"])
        #expect(connections.open(from: "c", close: dropped.note("c1")) != nil && dropped.all == ["a2", "a3"], "of all")
        #expect(connections.count == 3)
        connections.closed(first)
        connections.closed(first)
        #expect(connections.count == 2)
    }

    @Test func busyOnesAreLeftAlone() throws {
        let connections = OpenConnections(most: 2, mostOfOne: 1)
        let busy = try #require(connections.open(from: "a") {})
        busy.isBusy()
        #expect(connections.open(from: "a") {} == nil)
        let other = try #require(connections.open(from: "b") {})
        other.isBusy()
        #expect(connections.open(from: "c") {} == nil && connections.count == 2)
        busy.isIdle()
        #expect(connections.open(from: "c") {} != nil)
    }

    @Test func networksOfSixCountAsOne() throws {
        func place(_ text: String) throws -> String { try SocketAddress(ipAddress: text, port: 1).place }
        #expect(try place("192.0.2.1") == "192.0.2.1" && place("::ffff:192.0.2.1") == "192.0.2.1")
        #expect(try place("2001:db8::1") == place("2001:db8::ffff:1") && place("2001:db8::1") != place("2001:db8:0:1::1"))
    }

    /// Many open connections of one address leave room for the next one, with real sockets.
    @Test func anAttackerWithManyConnectionsLeavesRoom() async throws {
        try await withServer(configuration: .test { ($0.peers.maximumConnections, $0.peers.maximumPerAddress) = (64, 20) }) { port, _ in
            try await Connection.open(port) { busy in
                try await busy.request("PUT /v1/raw", ["Content-Type: text/plain", "Content-Length: 3"])
                try await busy.send("a")
                var held: [any Channel] = []
                for _ in 0..<100 {
                    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(
                        host: "127.0.0.1", port: port
                    )
                    .get()
                    held.append(channel)
                }
                #expect(try await fetch(port, "GET /v1/notes?limit=1").status == 200)
                try await Task.sleep(for: .milliseconds(100))
                #expect(held.count { $0.isActive } <= 20, "\(held.count { $0.isActive })")
                try await busy.send("bc")
                #expect(try await busy.answer().json["bytes"] == 3, "one in use was not dropped")
                for channel in held where channel.isActive { try? await channel.close() }
            }
        }
    }
}
