import Foundation
import Logging
import ParleyCore
import Testing

@testable import ParleyTelemetry

@Suite struct LogTests {
    private func telemetry(_ format: LogFormat, _ sink: MemorySink, level: LogLevel = .info) -> Telemetry {
        var configuration = Telemetry.Configuration()
        (configuration.logFormat, configuration.logLevel) = (format, level)
        return Telemetry(configuration, to: sink)
    }

    @Test func jsonLineWithIdsAndWithoutSecrets() throws {
        let sink = MemorySink()
        let context = try #require(
            TraceContext(traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", requestID: "req_1", jobID: "job_1"))
        TraceContext.$current.withValue(context) {
            telemetry(.json, sink).logger("library.ingest").info(
                "line \"1\"\nline 2 password=hunter2",
                metadata: [
                    "pages": .stringConvertible(3), "api_key": "abc", "mail": "ada@example.org", "deep": ["token": "x", "n": ["a"]],
                ])
        }
        let line = try #require(sink.lines.first)
        #expect(sink.lines.count == 1 && line.hasSuffix("}\n") && line.dropLast().contains("\n") == false)
        let json = try JSONValue(parsing: line.utf8)
        #expect(json["level"] == "info")
        #expect(json["logger"] == "library.ingest")
        #expect(json["message"] == "line \"1\"\nline 2 password=••••")
        #expect(json["pages"] == 3)
        #expect(json["api_key"] == "••••")
        #expect(json["mail"] == "a•••@example.org")
        #expect(json["deep"] == ["token": "••••", "n": ["a"]])
        #expect(json["request_id"] == "req_1")
        #expect(json["job_id"] == "job_1")
        #expect(json["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(json["span_id"] == "00f067aa0ba902b7")
        #expect(Timestamp(rfc3339: json["time"]?.string ?? "") != nil)
    }

    @Test func everyCharacterSurvivesJSON() throws {
        let text = (0..<0x300).compactMap { Unicode.Scalar(UInt32($0)) }.map(String.init).joined() + "\u{2028}😀"
        #expect(try JSONValue(parsing: JSONText.quoted(text).utf8) == .string(text))
    }

    @Test func readableLineCannotBeForged() throws {
        let sink = MemorySink()
        telemetry(.text, sink).logger.warning("a\nb\u{1B}[31m", metadata: ["path": "/x y", "n": "\n"])
        let line = try #require(sink.lines.first)
        #expect(line.filter { $0 == "\n" }.count == 1)
        #expect(!line.contains("\u{1B}"))
        #expect(line.contains("WARNING") && line.contains("path=\"/x y\""))
    }

    @Test func autoIsJSONAwayFromATerminal() {
        let sink = MemorySink()
        telemetry(.auto, sink).logger.info("x")
        #expect(sink.lines.first?.hasPrefix("{") == true)
    }

    @Test func levelChangesAtRunTimeForAllLoggers() {
        let sink = MemorySink()
        let telemetry = telemetry(.json, sink, level: .warning)
        let logger = telemetry.logger("other")
        logger.info("1")
        telemetry.logLevel.level = .debug
        logger.debug("2")
        telemetry.logger.trace("3")
        telemetry.logLevel.level = .error
        logger.warning("4")
        #expect(sink.lines.count == 1)
    }
}
