import Foundation
import ParleyCore
import ParleyRemote

/// Talks to a Parley server over HTTP, as the command line and the tests do.
struct APIClient: Sendable {
    let base: URL
    let token: Secret
    let remote: RemoteClient

    func get(_ path: String) async throws -> JSONValue {
        try await answer(RemoteRequest("parley.get", .get, url: address(path)))
    }

    func post(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        try await answer(RemoteRequest.json("parley.post", url: address(path), body: body))
    }

    func upload(_ bytes: [UInt8], name: String, tags: [String], to project: String) async throws -> JSONValue {
        var query = [URLQueryItem(name: "name", value: name)]
        query += tags.map { URLQueryItem(name: "tags", value: $0) }
        var components = URLComponents()
        components.queryItems = query
        var request = RemoteRequest(
            "parley.upload", .post, url: address("/v1/projects/\(project)/documents?" + (components.percentEncodedQuery ?? "")))
        request.headers.append(("Content-Type", "application/octet-stream"))
        request.body = bytes
        request.deadline = .seconds(3600)
        return try await answer(request)
    }

    /// An answer's events as they come, each with its kind.
    func follow(_ path: String, _ body: (_ kind: String, _ data: JSONValue) throws -> Void) async throws {
        var request = RemoteRequest("parley.follow", .get, url: address(path))
        request.bearer = token
        request.headers.append(("Accept", "text/event-stream"))
        try await remote.stream(request) { stream in
            for try await event in stream.events { try body(event.type, try JSONValue(parsing: event.data.utf8)) }
        }
    }

    /// Every item of a list, page after page.
    func all(_ path: String) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var cursor: String?
        repeat {
            let sign = path.contains("?") ? "&" : "?"
            let page = try await get(path + sign + "limit=100" + (cursor.map { "&cursor=\($0)" } ?? ""))
            items += page["items"]?.array ?? []
            cursor = page["page"]?["next_cursor"]?.string
        } while cursor != nil
        return items
    }

    private func address(_ path: String) -> String { base.absoluteString.trimmingSuffix("/") + path }

    private func answer(_ request: RemoteRequest) async throws -> JSONValue {
        var request = request
        request.bearer = token
        do {
            let response = try await remote.send(request)
            return response.body.isEmpty ? .null : try JSONValue(parsing: response.body)
        } catch let error as ParleyError {
            throw Self.problem(in: error) ?? error
        }
    }

    /// The server's own words for what it refused.
    private static func problem(in error: ParleyError) -> ParleyError? {
        guard let rejection = error.cause as? RemoteRejection, let problem = try? JSONValue(parsing: rejection.body.utf8),
            let code = problem["code"]?.string, let detail = problem["detail"]?.string
        else { return nil }
        let fields = (problem["errors"]?.array ?? []).map { FieldError($0["pointer"]?.string ?? "", $0["message"]?.string ?? "") }
        return ParleyError(ErrorCode(code, .invalid, detail), detail, fields: fields)
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}
