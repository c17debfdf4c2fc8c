import Foundation
import ParleyCore
import Testing

/// A project as one person sees it: documents in, questions out.
struct ProjectFolder: Sendable {
    let caller: Caller
    let id: ProjectID

    var path: String { "/v1/projects/\(id)" }
    var documents: String { path + "/documents" }
    var threads: String { path + "/threads" }

    static let handbook = """
        # Café 🎉 handbook

        ## Office hours

        The office is open from nine to five on weekdays. On Saturdays it stays closed.

        ## Holidays

        Every employee has thirty days of paid holiday each year.
        """

    /// Uploads a text as a raw body; the answer as it came.
    func upload(_ text: String, name: String = "handbook.md", tags: [String] = []) async throws -> Answer {
        let tags = tags.map { "&tags=" + $0 }.joined()
        return try await caller.send(
            .post, documents + "?name=" + name + tags, bytes: Array(text.utf8), ["Content-Type": "application/octet-stream"])
    }

    /// Uploads a text and waits until it is ready; the document.
    @discardableResult
    func add(_ text: String = handbook, name: String = "handbook.md", tags: [String] = []) async throws -> JSONValue {
        let answer = try await upload(text, name: name, tags: tags)
        try #require(answer.status == 202, "\(answer.text)")
        return try await read(try #require(answer.json["id"]?.string))
    }

    /// The document once it is ready or has failed.
    func read(_ document: String) async throws -> JSONValue {
        try await eventually("\(document) is read") {
            let found = try await caller.send(.get, documents + "/" + document).json
            let isOver = found["state"]?.string == "ready" || found["state"]?.string == "failed"
            return isOver ? found : Optional.none
        }
    }

    /// What a search finds.
    func search(_ query: String, mode: String = "hybrid", limit: Int = 10, filters: JSONValue? = nil) async throws -> [JSONValue] {
        var body: [String: JSONValue] = ["query": .string(query), "mode": .string(mode), "limit": .int(Int64(limit))]
        body["filters"] = filters
        let answer = try await caller.send(.post, path + "/search", json: .object(body))
        try #require(answer.status == 200, "\(answer.text)")
        return answer.json["hits"]?.array ?? []
    }

    /// A new thread's path.
    func thread() async throws -> String {
        let made = try await caller.send(.post, threads, json: [:])
        try #require(made.status == 201, "\(made.text)")
        return threads + "/" + (try #require(made.json["id"]?.string))
    }

    /// Asks in a thread; the answer's path.
    func ask(_ question: String, in thread: String) async throws -> String {
        let asked = try await caller.send(.post, thread + "/messages", json: ["content": .string(question)])
        try #require(asked.status == 202, "\(asked.text)")
        return thread + "/messages/" + (try #require(asked.json["answer"]?["id"]?.string))
    }
}

/// Tries until there is a value; fails the test after a minute, which only a busy machine needs.
func eventually<T>(_ what: String, _ find: () async throws -> T?) async throws -> T {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
        if let found = try await find() { return found }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw TookTooLong(what: what)
}

struct TookTooLong: Error { let what: String }
