import ParleyTelemetry
import Testing

@Suite struct TraceContextTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let span = "00f067aa0ba902b7"

    @Test func readsAndWrites() throws {
        let header = "00-\(Self.trace)-\(Self.span)-01"
        let context = try #require(TraceContext(traceparent: header))
        #expect(context.traceparent == header)
        #expect(context.traceID.description == Self.trace)
        #expect(context.sampled)
        #expect(TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-00")?.sampled == false)
        #expect(TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-ff")?.traceparent == header)
    }

    @Test(arguments: ["01-\(trace)-\(span)-01", "cc-\(trace)-\(span)-01-what-will-come", "fe-\(trace)-\(span)-01-"])
    func readsLaterVersions(header: String) { #expect(TraceContext(traceparent: header)?.traceID.description == Self.trace) }

    @Test(arguments: [
        "", "00", "ff-\(trace)-\(span)-01", "00-\(trace)-\(span)-01-x", "00-\(trace)-\(span)-01.", "cc-\(trace)-\(span)-01.x",
        "00-\(trace)-\(span)", "00-\(trace)-\(span)-1", "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01",
        "00-4BF92F3577b34da6a3ce929d0e0e4736-\(span)-01", "0g-\(trace)-\(span)-01", "00_\(trace)-\(span)-01", "00-\(trace)-\(span)-0X",
        " 00-\(trace)-\(span)-01", "00-\(trace)-00f067aa0ba902b-01",
    ])
    func refuses(header: String) {
        #expect(TraceContext(traceparent: header) == nil)
        #expect(TraceContext.continuing(traceparent: header).traceID.description != Self.trace)
    }

    @Test(arguments: [
        ("a=1,b=2", "a=1,b=2"), (" a=1 ,\tb=x y ", "a=1,b=x y"), ("a=1,,b=2", "a=1,b=2"), ("t@v=1", "t@v=1"), ("0a_-*/=!", "0a_-*/=!"),
        ("", nil), ("a", nil), ("a=", nil), ("A=1", nil), ("a=1,a=2", nil), ("a@b@c=1", nil), ("a=1=2", nil), ("@v=1", nil),
        ("a=\u{7F}", nil),
        ("_a=1", nil),
    ])
    func tracestate(header: String, expected: String?) throws {
        let context = try #require(TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-01", tracestate: header))
        #expect(context.tracestate == expected)
        #expect(context.child().tracestate == expected)
    }

    @Test func tracestateIsBounded() {
        func state(_ count: Int) -> String { (0..<count).map { "k\($0)=v" }.joined(separator: ",") }
        let parent = "00-\(Self.trace)-\(Self.span)-01"
        #expect(TraceContext(traceparent: parent, tracestate: state(32))?.tracestate != nil)
        #expect(TraceContext(traceparent: parent, tracestate: state(33))?.tracestate == nil)
    }

    @Test func children() {
        let context = TraceContext(requestID: "r", jobID: "j")
        let child = context.child()
        #expect(child.traceID == context.traceID && child.spanID != context.spanID)
        #expect(child.requestID == "r" && child.jobID == "j")
        #expect(TraceContext(traceparent: child.traceparent)?.spanID == child.spanID)
    }
}
