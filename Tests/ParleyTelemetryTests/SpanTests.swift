import ParleyCore
import Testing

@testable import ParleyTelemetry

@Suite struct SpanTests {
    private let sink = MemorySink()

    private func telemetry(slow: Duration = .seconds(60), kept: Int = 10) -> Telemetry {
        var configuration = Telemetry.Configuration()
        (configuration.logFormat, configuration.logLevel, configuration.slowSpan, configuration.recentSpans) = (.json, .debug, slow, kept)
        return Telemetry(configuration, to: sink)
    }

    private func lines() throws -> [JSONValue] { try sink.lines.map { try JSONValue(parsing: $0.utf8) } }

    @Test func oneCallGivesSpanMetricAndLine() async throws {
        let telemetry = telemetry()
        let result = await telemetry.span("retrieval.search", ["project": "prj_1"]) { span in
            await Task.yield()
            span.set("hits", 3)
            span.event("fused")
            telemetry.span("retrieval.vector") { inner in #expect(TraceContext.current == inner.context) }
            return 7
        }
        #expect(result == 7 && TraceContext.current == nil)
        let spans = telemetry.recentSpans.newest()
        #expect(spans.map(\.name) == ["retrieval.search", "retrieval.vector"])
        let (outer, inner) = (try #require(spans.first), try #require(spans.last))
        #expect(inner.parent == outer.spanID && inner.traceID == outer.traceID && outer.parent == nil)
        #expect(outer.attributes == ["project": "prj_1", "hits": 3] && outer.events.map(\.name) == ["fused"])
        #expect(telemetry.recentSpans.trace(outer.traceID).map(\.name) == ["retrieval.search", "retrieval.vector"])
        #expect(telemetry.metrics.prometheusText().contains("parley_retrieval_search_seconds_count{outcome=\"ok\"} 1\n"))
        let line = try #require(try lines().last)
        #expect(line["message"] == "retrieval.search" && line["level"] == "debug" && line["hits"] == 3)
        #expect(line["span_id"] == .string("\(outer.spanID)") && line["trace_id"] == .string("\(outer.traceID)"))
        #expect(line["duration_ms"]?.double.map { $0 >= 0 } == true)
    }

    @Test func faultsWarnAndRefusalsDoNot() throws {
        let telemetry = telemetry()
        #expect(throws: ParleyError.self) {
            try telemetry.span("a") { _ in throw ParleyError(.internal, "x", cause: ParleyError(.notFound, "password=hunter2")) }
        }
        #expect(throws: ParleyError.self) { try telemetry.span("b") { _ in throw ParleyError(.notFound, "x") } }
        #expect(throws: CancellationError.self) { try telemetry.span("c") { _ in throw CancellationError() } }
        let lines = try lines()
        #expect(lines.map { $0["level"] } == ["warning", "debug", "debug"])
        #expect(lines.map { $0["outcome"] } == ["error", "error", "cancelled"])
        #expect(lines.first?["error"]?.string?.contains("password=••••") == true)
        #expect(telemetry.recentSpans.newest().allSatisfy { $0.error?.contains("hunter2") != true })
    }

    @Test func slowWorkWarns() throws {
        telemetry(slow: .nanoseconds(1)).span("slow") { _ in _ = (0..<1000).reduce(0, +) }
        #expect(try lines().first?["message"] == "slow was slow")
        #expect(try lines().first?["level"] == "warning")
    }

    @Test func theRingIsBounded() {
        let telemetry = telemetry(kept: 3)
        for index in 0..<8 { telemetry.span("s\(index)") { _ in } }
        #expect(telemetry.recentSpans.newest().map(\.name) == ["s7", "s6", "s5"])
        #expect(telemetry.recentSpans.newest(limit: 1).map(\.name) == ["s7"])
        let none = self.telemetry(kept: 0)
        none.span("x") { _ in }
        #expect(none.recentSpans.newest().isEmpty)
    }

    @Test func continuesTheCallersTrace() throws {
        let context = TraceContext(requestID: "req_9")
        let telemetry = telemetry()
        TraceContext.$current.withValue(context) { telemetry.span("x") { _ in } }
        let span = try #require(telemetry.recentSpans.newest().first)
        #expect(span.traceID == context.traceID && span.parent == context.spanID && span.requestID == "req_9")
    }

    @Test func spanNamesBecomeMetricNames() { #expect(Metric.span("remote.model-chat").name == "parley_remote_model_chat_seconds") }
}
