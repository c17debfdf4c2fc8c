import Foundation
import NIOHTTP1
import ParleyAuthority
import ParleyCore
import ParleyHTTP
import Testing

@testable import Accounts
@testable import ParleyApp

/// What an endpoint needs to be called for real: the installation's administrator has one of everything.
struct RuleBook: Sendable {
    let caller: Caller
    let endpoints: [Endpoint]
    /// What stands for `{name}` in a path.
    let names: [String: String]

    init(_ installation: Installation) async throws {
        let project = try await installation.admin.project("Rules")
        let other = try await installation.person()
        try await installation.join(project.id, other, as: .viewer)
        let documents = [try await project.add(), try await project.add("# Second\n\nSome other text.", name: "second.md")]
        let thread = try await project.thread()
        let answer = try await project.ask("When is the office open?", in: thread)
        let second = try await project.ask("And on Saturdays?", in: thread)
        _ = try await project.thread()
        for message in [answer, second] { _ = try await project.caller.follow(message + "/events") }
        let key = try await project.caller.send(.post, "/v1/me/keys", json: ["name": "Rules"])
        let (webhook, delivery) = try await Self.webhook(project)
        let evaluated = try await Self.evaluated(project)
        try #require(try await project.caller.send(.put, answer + "/feedback", json: ["rating": "up"]).status == 200)
        let feedback = try await project.caller.send(.get, project.path + "/feedback").ids
        let invitation = try await project.caller.send(
            .post, project.path + "/invitations", json: ["email": "rules@example.com", "role": "viewer"])
        caller = project.caller
        endpoints = installation.parley.endpoints.filter { !$0.isForeign }
        names = [
            "project": project.id.description, "user": other.user.id.description, "document": documents[0]["id"]?.string ?? "",
            "thread": thread.lastComponent, "message": answer.lastComponent, "key": key.json["key"]?["id"]?.string ?? "",
            "revision": documents[0]["revision_id"]?.string ?? "", "webhook": webhook, "delivery": delivery,
            "bulk": try await Self.bulk(project), "feedback": feedback.first ?? "",
            "invitation": invitation.json["id"]?.string ?? "", "language_model": try await Self.model(installation),
        ].merging(evaluated) { first, _ in first }
    }

    /// A question set with a question, and a run over it that is complete.
    private static func evaluated(_ project: ProjectFolder) async throws -> [String: String] {
        let made = try await project.caller.send(.post, project.path + "/question-sets", json: ["name": "Rules"])
        let set = try #require(made.header("Location"))
        let question = try await project.caller.send(.post, set + "/questions", json: ["question": "When is the office open?"])
        let started = try await project.caller.send(.post, set + "/runs", json: [:])
        let run = try #require(started.header("Location"))
        _ = try await eventually("the run is complete") {
            try await project.caller.send(.get, run).json["state"] == "complete" ? true : nil
        }
        let proposal = try await proposed(project, set.lastComponent, run.lastComponent)
        return [
            "set": set.lastComponent, "question": question.json["id"]?.string ?? "", "run": run.lastComponent, "proposal": proposal,
        ]
    }

    /// A proposal that was decided; the gate is off again behind it, so that settings can be changed freely.
    private static func proposed(_ project: ProjectFolder, _ set: String, _ run: String) async throws -> String {
        let gate = project.path + "/settings/gate"
        let rules: JSONValue = [
            "set_id": .string(set), "run_id": .string(run), "tolerances": [["metric": "milliseconds", "tolerance": 10_000]],
        ]
        try #require(try await project.caller.send(.put, gate, json: rules).status == 200)
        let asked = try await project.caller.send(.post, project.path + "/settings/proposals", json: ["settings": [:]])
        let place = try #require(asked.header("Location"), "\(asked.text)")
        _ = try await eventually("the proposal is decided") {
            try await project.caller.send(.get, place).json["state"] == "running" ? nil : true
        }
        try #require(try await project.caller.send(.put, gate, json: ["set_id": nil, "run_id": nil]).status == 200)
        return place.lastComponent
    }

    /// A webhook that was told of two tests by an address at which nobody listens.
    private static func webhook(_ project: ProjectFolder) async throws -> (String, String) {
        let made = try await project.caller.send(
            .post, project.path + "/webhooks", json: ["url": "http://127.0.0.1:80", "events": ["document.ready"]])
        let webhook = try #require(made.json["webhook"]?["id"]?.string, "\(made.text)")
        _ = try await project.caller.send(.post, project.path + "/webhooks/\(webhook)/test")
        let told = try await project.caller.send(.post, project.path + "/webhooks/\(webhook)/test")
        return (webhook, try #require(told.json["id"]?.string, "\(told.text)"))
    }

    /// A language model that nothing serves.
    private static func model(_ installation: Installation) async throws -> String {
        let name = "rules-\(UUID().uuidString)"
        let made = try await installation.admin.caller.send(
            .post, "/v1/models", json: ["name": .string(name), "model": "none", "url": "http://127.0.0.1:80/v1"])
        return try #require(made.json["id"]?.string, "\(made.text)")
    }

    /// A bulk job that is done.
    private static func bulk(_ project: ProjectFolder) async throws -> String {
        let operations: [JSONValue] = ["One", "Two"].map { ["op": "create", "body": ["title": .string($0)]] }
        let asked = try await project.caller.send(
            .post, project.threads + "/bulk", json: ["operations": .array(operations)], ["Prefer": "respond-async"])
        let place = try #require(asked.header("Location"), "\(asked.text)")
        return try await eventually("\(place) is done") {
            let state = try await project.caller.send(.get, place).json["state"]?.string
            return state == "done" ? place.lastComponent : Optional.none
        }
    }

    /// The endpoint's path with everything filled in. A parameter that this book does not know fails the test: add it above, so that
    /// the rules hold for its endpoints too.
    func path(_ endpoint: Endpoint) -> String? {
        var path = endpoint.path
        for (name, value) in names { path = path.replacing("{\(name)}", with: value) }
        if path.contains("{") { Issue.record("RuleBook has nothing for a parameter of \(endpoint.path)") }
        return path.contains("{") ? nil : path
    }

    /// Reads with an answer in JSON that can be called as they are.
    var reads: [(endpoint: Endpoint, path: String)] {
        endpoints.filter { $0.method == .get && $0.output.isJSON && !$0.query.contains(where: \.isRequired) }.compactMap { endpoint in
            path(endpoint).map { (endpoint, $0) }
        }
    }

    var lists: [(endpoint: Endpoint, path: String, shape: ListShape)] {
        reads.compactMap { read in
            if case .page(_, let shape) = read.endpoint.output { (read.endpoint, read.path, shape) } else { nil }
        }
    }

    /// Changes of one resource that can be read at the same path.
    var changes: [(endpoint: Endpoint, path: String)] {
        let readable = Set(endpoints.filter { $0.method == .get && $0.output.isJSON }.map(\.path))
        return endpoints.filter { [.put, .patch, .delete].contains($0.method) && readable.contains($0.path) }.compactMap { endpoint in
            if case .page? = endpoints.first(where: { $0.path == endpoint.path && $0.method == .get })?.output { return nil }
            return path(endpoint).map { (endpoint, $0) }
        }
    }
}

extension RuleBook {
    /// The text with the identifiers of examples replaced by those of what is there.
    func realIdentifiers(_ text: String) -> String {
        text.replacing(/([a-z]{3})_[0-9A-Z]{26}/) { match in
            names.values.first { $0.hasPrefix(match.output.1 + "_") } ?? String(match.output.0)
        }
    }
}

extension SchemaShape {
    var isJSON: Bool {
        switch self {
        case .nothing, .bytes, .events: false
        default: true
        }
    }

    /// An object, or what a page holds.
    var item: ObjectShape? {
        switch self {
        case .object(let object): object
        case .page(let shape, _): shape.item
        default: nil
        }
    }
}

extension String {
    var lastComponent: String { split(separator: "/").last.map(String.init) ?? "" }
}
