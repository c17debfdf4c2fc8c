import NIOPosix
import ParleyCore
import ParleyHTTP
import Testing

/// A quick answer is made on its connection's thread, one that may take long is not.
@Suite(.timeLimit(.minutes(1))) struct LoopTests {
    @Test func onlyQuickAnswersStayOnTheEventLoop() async throws {
        let endpoints = RateClass.allCases.map { rate in
            Endpoint.open(
                .post, path: "/v1/\(rate.rawValue)", id: "loop.\(rate.rawValue)", tag: Sample.other, summary: "Where am I?",
                accepts: [.anything], output: .bool(),
                status: 200, rate: rate
            ) { _ in .ok(MultiThreadedEventLoopGroup.currentEventLoop != nil) }
        }
        try await withServer(endpoints) { port, _ in
            for rate in RateClass.allCases {
                let answer = try await fetch(port, "POST /v1/\(rate.rawValue)")
                #expect(answer.json == .bool(rate == .ordinary || rate == .health), "\(rate)")
            }
            let long = try await fetch(port, "POST /v1/ordinary", body: String(repeating: " ", count: 100_000))
            #expect(long.json == false)
        }
    }
}
