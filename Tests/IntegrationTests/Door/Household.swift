import Accounts
import Foundation
import NIOHTTP1
import ParleyCore
import ParleyDatabase
import Synchronization
import Testing

@testable import ParleyApp
@testable import ParleyHTTP

/// A person with one of everything that a path can name.
struct Household: Sendable {
    let owner: Person
    let project: ProjectFolder
    /// By the names that paths have for them.
    let ids: [String: String]

    private static let made = Mutex<[Dialect: (Household, Household)]>([:])

    /// Two that know nothing of each other; the same ones for every test on an engine.
    static func two(on installation: Installation) async throws -> (ada: Household, eve: Household) {
        if let known = made.withLock({ $0[installation.dialect] }) { return known }
        let both = (try await Household(installation), try await Household(installation))
        made.withLock { $0[installation.dialect] = both }
        return both
    }

    private init(_ installation: Installation) async throws {
        owner = try await installation.person()
        project = try await owner.project("Household of \(owner.user.name)")
        let (owner, project, caller) = (owner, project, owner.caller)
        func make(_ path: String, _ body: JSONValue, _ headers: [String: String] = [:]) async throws -> Answer {
            let made = try await caller.send(.post, path, json: body, headers)
            try #require((200..<300).contains(made.status), "\(path): \(made.text)")
            return made
        }
        func over(_ path: String) async throws {
            try await eventually("\(path) is over") {
                let state = try await caller.send(.get, path).json["state"]?.string ?? ""
                return ["queued", "running", "generating"].contains(state) ? Optional.none : ()
            }
        }
        let document = try await project.add()
        let thread = try await project.thread()
        let answer = try await project.ask("When is the office open?", in: thread)
        try await over(answer)
        let feedback = try await caller.send(.put, answer + "/feedback", json: ["rating": "up"])
        let set = try await make(project.path + "/question-sets", ["name": "Office"]).json["id"]?.string ?? ""
        let sets = project.path + "/question-sets/" + set
        let question = try await make(sets + "/questions", ["question": "When is the office open?"])
        let run = try await make(sets + "/runs", [:])
        try await over(run.header("Location") ?? "")
        let gate: JSONValue = ["set_id": .string(set), "run_id": run.json["id"] ?? .null, "tolerances": [["metric": "recall_at_10"]]]
        try #require(try await caller.send(.put, project.path + "/settings/gate", json: gate).status == 200)
        let proposal = try await make(project.path + "/settings/proposals", ["settings": ["passages": 4], "apply": false])
        try await over(proposal.header("Location") ?? "")
        let hook = try await make(project.path + "/webhooks", ["url": "http://127.0.0.1:59999/nobody", "events": []])
        let webhook = hook.json["webhook"]?["id"]?.string ?? ""
        let delivery = try await make(project.path + "/webhooks/\(webhook)/test", [:])
        let invitation = try await make(
            project.path + "/invitations", ["email": .string("guest-\(UUID().uuidString.lowercased())@example.com"), "role": "viewer"])
        let bulk = try await make(
            project.threads + "/bulk", ["operations": [["op": "create", "body": ["title": "Plan"]]]], ["Prefer": "respond-async"])
        try await over(bulk.header("Location") ?? "")
        let served: JSONValue = ["name": .string("model-\(UUID().uuidString)"), "model": "none", "url": "http://127.0.0.1:59999/v1"]
        let model = try await installation.admin.caller.send(.post, "/v1/models", json: served)
        let message = answer.lastComponent
        let made: [String: String?] = [
            "project": project.id.description, "model": project.id.description, "user": owner.user.id.description,
            "document": document["id"]?.string, "revision": document["revision_id"]?.string, "thread": thread.lastComponent,
            "message": message, "response": "resp_" + message.dropFirst(4), "feedback": feedback.json["id"]?.string, "set": set,
            "question": question.json["id"]?.string, "run": run.json["id"]?.string, "proposal": proposal.json["id"]?.string,
            "webhook": webhook, "delivery": delivery.json["id"]?.string, "invitation": invitation.json["id"]?.string,
            "bulk": bulk.header("Location")?.lastComponent, "key": try await owner.key().id,
            "language_model": model.json["id"]?.string,
        ]
        ids = try made.mapValues { try #require($0) }
    }

    /// Calls an endpoint with these things of the household's, and with a body that is right.
    /// - Parameters:
    ///   - others: ids in the path in place of the household's own.
    ///   - query: whose things the query names; this household's when nil.
    ///   - body: whose things the body names.
    func call(
        _ endpoint: Endpoint, _ caller: Caller, with others: [String: String] = [:], query: Household? = nil, body: Household? = nil
    ) async throws -> Answer {
        let path = try endpoint.path.split(separator: "/").map { segment -> String in
            guard segment.hasPrefix("{") else { return String(segment) }
            let name = String(segment.dropFirst().dropLast())
            return try #require(others[name] ?? ids[name], "a household has nothing that is called \(name): add it")
        }
        let named = endpoint.query.compactMap { parameter in
            parameter.shape.identifierPrefix.flatMap { (query ?? self).id($0) }.map { "\(parameter.name)=\($0)" }
        }
        var json = endpoint.input.map { $0.example { (body ?? self).id($0) } }
        if endpoint.isForeign, case .object(var members)? = json, members["model"] != nil {
            members["model"] = .string((body ?? self).project.id.description)
            json = .object(members)
        }
        return try await caller.send(
            HTTPMethod(rawValue: endpoint.method.rawValue),
            "/" + path.joined(separator: "/") + (named.isEmpty ? "" : "?" + named.joined(separator: "&")), json: json,
            bytes: endpoint.accepts.isEmpty || json != nil ? nil : [65], endpoint.requiresPrecondition ? ["If-Match": "*"] : [:])
    }

    /// The thing whose id has this prefix.
    private func id(_ prefix: String) -> String? { ids.values.first { $0.hasPrefix(prefix + "_") } }
}

extension SchemaShape {
    /// The prefix of the id that this is; nil for anything else.
    var identifierPrefix: String? {
        switch self {
        case .identifier(let prefix): prefix
        case .nullable(let shape), .defaulted(let shape, _), .change(let shape): shape.identifierPrefix
        default: nil
        }
    }

    /// Whether an id stands anywhere within.
    var namesThings: Bool {
        switch self {
        case .nullable(let shape), .defaulted(let shape, _), .change(let shape), .array(let shape, _): shape.namesThings
        case .object(let object): object.members.contains { $0.shape.namesThings }
        default: identifierPrefix != nil
        }
    }

    /// The example with these ids in it, by their prefixes.
    func example(_ id: (String) -> String?) -> JSONValue {
        switch self {
        case .identifier(let prefix): return id(prefix).map { .string($0) } ?? example
        case .nullable(let shape), .defaulted(let shape, _), .change(let shape):
            return shape.namesThings ? shape.example(id) : example
        case .array(let shape, _): return shape.namesThings ? [shape.example(id)] : example
        case .object(let object):
            guard case .object(var members) = object.example else { return object.example }
            for member in object.members where member.shape.namesThings { members[member.name] = member.shape.example(id) }
            return .object(members)
        default: return example
        }
    }
}
