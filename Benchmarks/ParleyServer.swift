import Foundation
import ParleyCore

/// The product as anybody runs it: the release binary on a data folder of its own, spoken to over HTTP.
final class ParleyServer: Sendable {
    private static let email = "bench@example.com"
    private static let password = "a long and quiet river"

    let port: Int
    let process: ChildProcess
    /// Seconds from the start of the process to the first answer that says ready.
    let startUp: Double

    /// Starts it and waits until it is ready.
    init(_ options: Options, folder: URL, modelPort: Int? = nil, modelURL: String? = nil) throws {
        port = try freePort()
        var flags = [
            "serve", "--data-path", folder.path, "--http-port", "\(port)", "--embedding-model", options.embeddingModel,
            "--inference-runtime", options.runtime, "--model-folder", options.languageModel,
        ]
        // Questions about texts that are not there are answered by the model all the same.
        flags += ["--answer-abstain", "false"]
        // One person makes all the requests.
        flags += ["ordinary", "question", "upload", "sign-in"].flatMap { ["--rate-" + $0, "1000000000"] }
        let model = modelURL ?? modelPort.map { "http://127.0.0.1:\($0)/v1" }
        if let model { flags += ["--model-url", model, "--model-name", "instant"] }
        let start = ContinuousClock.now
        process = try ChildProcess(options.binary, flags, log: folder.appendingPathExtension("log"))
        while start.secondsAgo < 30 {
            if let status = try? HTTPConnection(port: port).send("GET", "/health/ready").status, status == 200 { break }
            usleep(1000)
        }
        startUp = start.secondsAgo
        guard startUp < 30 else {
            process.stop()
            throw Failure("The server did not become ready within half a minute.")
        }
    }

    /// The first administrator, by the link that the server prints.
    func makeAdministrator() throws {
        let token = try process.output(after: "welcome?token=")
        let body: JSONValue = [
            "token": .string(token), "email": .string(Self.email), "name": "Bench", "password": .string(Self.password),
        ]
        _ = try Session(port: port, token: "").call("POST", "/v1/auth/first-run", body)
    }

    func signIn() throws -> Session {
        let body: JSONValue = ["email": .string(Self.email), "password": .string(Self.password)]
        let answer = try Session(port: port, token: "").call("POST", "/v1/auth/sign-in", body)
        return try Session(port: port, token: answer["access_token"]?.string ?? "")
    }

    func makeProject() throws -> String {
        try signIn().call("POST", "/v1/projects", ["name": "Benchmark"])["id"]?.string ?? ""
    }
}

/// One signed-in connection. Belongs to one thread.
final class Session {
    let connection: HTTPConnection
    let headers: [String]

    convenience init(port: Int, token: String) throws {
        try self.init(port: port, headers: token.isEmpty ? [] : ["Authorization: Bearer \(token)"])
    }

    init(port: Int, headers: [String]) throws {
        connection = try HTTPConnection(port: port)
        self.headers = headers
    }

    func call(_ method: String, _ path: String, _ body: JSONValue? = nil) throws -> JSONValue {
        let bytes = body.map { Array($0.text.utf8) } ?? []
        return try read(connection.send(method, path, headers: headers + ["Content-Type: application/json"], body: bytes))
    }

    func upload(_ text: String, to project: String) throws {
        let path = "/v1/projects/\(project)/documents?name=text.txt"
        _ = try read(connection.send("POST", path, headers: headers + ["Content-Type: application/octet-stream"], body: Array(text.utf8)))
    }

    private func read(_ answer: HTTPConnection.Answer) throws -> JSONValue {
        guard (200..<300).contains(answer.status) else {
            throw Failure("The server answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
        }
        return answer.body.isEmpty ? .null : try JSONValue(parsing: answer.body)
    }
}

extension ParleyServer {
    /// Puts the texts in over four connections, and returns when all of them can be found.
    func ingest(_ texts: [String], into project: String) throws {
        let session = try signIn()
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: 4) { lane in
            failures.catching {
                let session = try self.signIn()
                for text in stride(from: lane, to: texts.count, by: 4).map({ texts[$0] }) { try session.upload(text, to: project) }
            }
        }
        try failures.rethrow()
        for state in ["queued", "parsing", "chunking", "embedding"] {
            let path = "/v1/projects/\(project)/documents?limit=1&filter=state=\(state)"
            // Asking more often would be a load of its own.
            while try session.call("GET", path)["items"]?.array?.isEmpty == false { usleep(50_000) }
        }
    }

    /// Chunks in the project.
    func chunks(of project: String) throws -> Int {
        let session = try signIn()
        var (count, cursor) = (0, "")
        repeat {
            let page = try session.call("GET", "/v1/projects/\(project)/documents?limit=100" + cursor)
            count += (page["items"]?.array ?? []).reduce(0) { $0 + Int($1["chunks"]?.int ?? 0) }
            cursor = page["page"]?["next_cursor"]?.string.map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        return count
    }
}

/// What went wrong on other threads.
final class Failures: @unchecked Sendable {
    // Unchecked: the array is touched under the lock alone.
    private let lock = NSLock()
    private var errors: [any Error] = []

    func catching(_ work: () throws -> Void) {
        do { try work() } catch { lock.withLock { errors.append(error) } }
    }

    func rethrow() throws {
        if let error = lock.withLock({ errors.first }) { throw error }
    }
}
