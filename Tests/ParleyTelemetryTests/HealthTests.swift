import Foundation
import ParleyCore
import ParleyTelemetry
import Synchronization
import Testing

@Suite struct HealthTests {
    @Test func theWholeFollowsItsParts() async {
        func status(_ checks: HealthCheck...) async -> HealthStatus { await HealthRegistry(checks).ready().status }
        let fine = HealthCheck("a") { .ok() }
        #expect(await status() == .ok)
        #expect(await status(fine) == .ok)
        #expect(await status(fine, HealthCheck("b") { .degraded("slow") }) == .degraded)
        #expect(await status(fine, HealthCheck("b") { .down("gone") }) == .down)
        #expect(await status(fine, HealthCheck("b", required: false) { .down("gone") }) == .degraded)
        #expect(await status(fine, HealthCheck("b") { throw ParleyError(.unavailable, "No.") }) == .down)
    }

    @Test func tellsEachDependencyAsJSON() async throws {
        let registry = HealthRegistry([HealthCheck("db") { .ok("3 of 4 connections free") }])
        registry.add(HealthCheck("model", required: false) { throw ParleyError(.unavailable, "Not loaded password=x.") })
        let json = try JSONValue(parsing: JSONEncoder().encode(await registry.ready()))
        let list = try #require(json["dependencies"]?.array)
        #expect(json["status"] == "degraded" && json["uptime_seconds"]?.double.map { $0 >= 0 } == true)
        #expect(list.map { $0["name"] } == ["db", "model"])
        #expect(list.first?["detail"] == "3 of 4 connections free" && list.first?["required"] == true)
        #expect(list.last?["detail"]?.string?.contains("password=••••") == true)
        #expect(list.last?["duration_ms"]?.double.map { $0 >= 0 } == true)
    }

    @Test func aCheckThatNeverEndsIsDown() async {
        let hung = HealthCheck("hung", deadline: .milliseconds(20)) {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                DispatchQueue.global().asyncAfter(deadline: .now() + 1) { continuation.resume() }
            }
            return .ok()
        }
        let report = await HealthRegistry([hung]).ready()
        #expect(report.dependencies?.first?.detail == "No answer within 20ms.")
        #expect(report.status == .down)
    }

    @Test func manyProbesCostOneRound() async {
        let asked = Mutex(0)
        let registry = HealthRegistry(
            [
                HealthCheck("a") {
                    asked.withLock { $0 += 1 }
                    return .ok()
                }
            ], cachedFor: .seconds(60))
        await withTaskGroup { group in for _ in 0..<50 { group.addTask { _ = await registry.ready() } } }
        #expect(asked.withLock { $0 } == 1)
    }

    @Test func drainingIsNotReadyButLive() async {
        let registry = HealthRegistry([HealthCheck("a") { .ok() }])
        registry.drain()
        #expect(await registry.ready().isReady == false)
        #expect(registry.live().status == .ok)
    }
}
