import Foundation
import ParleyCore

extension Suite {
    private static let streams = 200

    /// Many answers streamed at once, by a model that begins at once and goes on for a while: whether all of them arrive whole, how
    /// long their first words take beside those of a single stream, and what each costs in memory.
    mutating func measureStreams(_ report: inout Report) throws {
        let model = try ChildProcess(CommandLine.arguments[0], ["serve-model"], log: folder.appending(path: "dripping.log"))
        defer { model.stop() }
        let port = Int(try model.output(after: "listening on port ")) ?? 0
        let server = try ParleyServer(options, folder: folder.appending(path: "streams"), modelURL: "http://127.0.0.1:\(port)/drip/v1")
        defer { server.process.stop() }
        try server.makeAdministrator()
        let project = try server.makeProject()
        try server.ingest(texts.next(100), into: project)

        let one = try (0..<40).map { _ in try Self.alone(server, project, texts.questions(1)[0]) }.suffix(30).map { $0 * 1000 }
        let before = server.process.memory
        let crowd = try StreamCrowd(server, project, texts.questions(Self.streams), spacing: 0.05)
        let all = try crowd.run()
        let (single, many) = (Array(one), all.first.map { $0 * 1000 })
        let detail =
            "one: p50 \(figure(single.median)) ms, p95 \(figure(single.quantile(0.95))) ms; "
            + "\(Self.streams): p50 \(figure(many.median)) ms, p95 \(figure(many.quantile(0.95))) ms"
        report.add(Line("first token p95, \(Self.streams) streams : one", many.quantile(0.95) / single.median, "", .atMost(10), detail))
        report.add(Line("streams that did not arrive whole", Double(Self.streams - all.whole), "", .atMost(0), "\(all.most) open at once"))
        report.add(
            Line(
                "memory per stream", (all.memory - before) * 1000 / Double(max(all.most, 1)), "kB", .none,
                "\(figure(before)) MB before, \(figure(all.memory)) MB with them"))
        let burst = try StreamCrowd(server, project, texts.questions(Self.streams), spacing: 0).run()
        report.add(
            Line(
                "first token p95, \(Self.streams) asked at one moment", burst.first.quantile(0.95) * 1000, "ms", .none,
                "p50 \(figure(burst.first.median * 1000)) ms; \(burst.whole) arrived whole"))
    }

    /// Seconds to the first word of an answer that nobody else competes with; it is stopped then.
    private static func alone(_ server: ParleyServer, _ project: String, _ question: String) throws -> Double {
        let session = try server.signIn()
        let thread = try session.call("POST", "/v1/projects/\(project)/threads", [:])["id"]?.string ?? ""
        let path = "/v1/projects/\(project)/threads/\(thread)/messages"
        let listener = try Session(port: server.port, token: "")
        var answer = ""
        let time = try seconds {
            answer = try session.call("POST", path, ["content": .string(question)])["answer"]?["id"]?.string ?? ""
            try listener.connection.lines("GET", "\(path)/\(answer)/events", headers: session.headers) { $0.hasPrefix("event: text") }
        }
        _ = try session.call("POST", "\(path)/\(answer)/cancel")
        return time
    }
}

/// People who each ask a question and read its answer to the end, begun one after the other.
final class StreamCrowd: @unchecked Sendable {
    // Unchecked: what the threads share is touched under the lock alone.
    struct Outcome {
        /// Seconds to the first word, of each stream.
        var first: [Double] = []
        /// Streams that gave every word and their end.
        var whole = 0
        /// The most that were open at one moment, and the server's memory then, in MB.
        var most = 0
        var memory = 0.0
    }

    private let server: ParleyServer
    private let spacing: Double
    private let paths: [String]
    private let sessions: [Session]
    private let questions: [String]
    private let lock = NSLock()
    private var outcome = Outcome()
    private var open = 0

    init(_ server: ParleyServer, _ project: String, _ questions: [String], spacing: Double) throws {
        (self.server, self.questions, self.spacing) = (server, questions, spacing)
        let token = try server.signIn()
        sessions = try questions.map { _ in try Session(port: server.port, headers: token.headers) }
        let root = "/v1/projects/\(project)/threads"
        paths = try questions.map { _ in "\(root)/\(try token.call("POST", root, [:])["id"]?.string ?? "")/messages" }
    }

    func run() throws -> Outcome {
        let group = DispatchGroup()
        let start = ContinuousClock.now
        for index in questions.indices {
            group.enter()
            let thread = Thread { [self] in
                let wait = Double(index) * spacing - start.secondsAgo
                if wait > 0 { usleep(UInt32(wait * 1e6)) }
                do { try ask(index) } catch { tell("a stream broke: \(error)") }
                group.leave()
            }
            thread.stackSize = 512 << 10
            thread.start()
        }
        group.wait()
        return outcome
    }

    private func ask(_ index: Int) throws {
        let (session, path) = (sessions[index], paths[index])
        let start = ContinuousClock.now
        let answer = try session.call("POST", path, ["content": .string(questions[index])])["answer"]?["id"]?.string ?? ""
        var (first, words, isDone): (Double?, Int, Bool) = (nil, 0, false)
        try session.connection.lines("GET", "\(path)/\(answer)/events", headers: session.headers) { line in
            if line.hasPrefix("event: text") {
                if first == nil {
                    first = start.secondsAgo
                    enter()
                }
                words += 1
            }
            if line.hasPrefix("event: error") { throw Failure("an answer broke off") }
            isDone = isDone || line.hasPrefix("event: done")
            return isDone
        }
        lock.withLock {
            open -= 1
            outcome.first.append(first ?? 60)
            outcome.whole += isDone && words >= InstantModel.dripping.count ? 1 : 0
        }
    }

    private func enter() {
        lock.withLock {
            open += 1
            guard open > outcome.most else { return }
            outcome.most = open
            if open % 20 == 0 || open == questions.count { outcome.memory = server.process.memory }
        }
    }
}
