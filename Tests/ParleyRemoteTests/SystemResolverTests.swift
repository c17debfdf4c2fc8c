import Foundation
import Testing

@testable import ParleyRemote

@Suite struct SystemResolverTests {
    @Test func aNameServiceThatDoesNotAnswerIsNotWaitedFor() async {
        let resolver = SystemResolver(limit: .milliseconds(30)) { _ in
            Thread.sleep(forTimeInterval: 1)
            return []
        }
        let start = ContinuousClock.now
        await #expect(throws: SystemResolver.Failure.self) { try await resolver.addresses(of: "slow.example") }
        #expect(ContinuousClock.now - start < .milliseconds(900))
    }
}
