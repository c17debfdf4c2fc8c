import Foundation
import NIOHTTP1
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// Every endpoint of the product, those to come included, obeys the rules of docs/api/conventions.md.
    @Suite struct RuleTests {
        @Test(arguments: TestDatabases.all)
        func everyListIsRead(_ dialect: Dialect) async throws {
            let book = try await RuleBook(Installation.on(dialect))
            #expect(book.lists.count >= 8)
            for (endpoint, path, shape) in book.lists {
                let whole = try await book.caller.send(.get, path + "?total=true")
                try #require(whole.status == 200, "\(endpoint.id): \(whole.text)")
                let page = whole.json["page"]
                #expect(Set(page?.object?.keys.map { $0 } ?? []) == ["next_cursor", "prev_cursor", "has_more", "total"], "\(endpoint.id)")
                #expect(page?["total"]?["exact"] == true, "\(endpoint.id)")
                #expect(shape.standard.allSatisfy { !$0.isDescending }, "\(endpoint.id): every list has the oldest first")
                if shape.standard.first?.field == "id" { #expect(whole.ids == whole.ids.sorted(), "\(endpoint.id)") }
                if page?["next_cursor"] == .null { #expect(page?["total"]?["count"]?.int == Int64(whole.items.count), "\(endpoint.id)") }
                try await expectPages(of: endpoint, path, shape, whole, book.caller)
                for field in shape.fields {
                    for sign in ["", "-"] where field.isSortable {
                        let answer = try await book.caller.send(.get, path + "?limit=2&sort=" + sign + field.name)
                        #expect(answer.status == 200, "\(endpoint.id) by \(field.name): \(answer.text)")
                    }
                    let answer = try await book.caller.send(.get, path + "?limit=2&filter=" + field.sample)
                    #expect(answer.status == 200, "\(endpoint.id) with \(field.sample): \(answer.text)")
                }
            }
        }

        /// Forward page by page and back again, with links, and with cursors that are of no other list.
        private func expectPages(of endpoint: Endpoint, _ path: String, _ shape: ListShape, _ whole: Answer, _ caller: Caller) async throws
        {
            let first = try await caller.send(.get, path + "?limit=1")
            #expect(first.items == Array(whole.items.prefix(1)), "\(endpoint.id)")
            guard whole.items.count > 1 else { return }
            let next = try #require(first.json["page"]?["next_cursor"]?.string, "\(endpoint.id)")
            #expect(first.header("Link")?.contains("limit=1&cursor=\(next)>; rel=\"next\"") == true, "\(endpoint.id)")
            let second = try await caller.send(.get, path + "?limit=1&cursor=" + next)
            #expect(second.items == Array(whole.items[1...1]), "\(endpoint.id)")
            let back = try #require(second.json["page"]?["prev_cursor"]?.string, "\(endpoint.id)")
            #expect(try await caller.send(.get, path + "?limit=1&cursor=" + back).items == first.items, "\(endpoint.id)")
            let tampered = next.dropLast() + (next.hasSuffix("A") ? "Q" : "A")
            var foreign = [path + "?limit=1&cursor=" + tampered, path + "?cursor=AAAA"]
            if let name = shape.sortable.last { foreign.append(path + "?cursor=\(next)&sort=-\(name)") }
            if let field = shape.fields.first { foreign.append(path + "?cursor=\(next)&filter=\(field.sample)") }
            for query in foreign {
                let refused = try await caller.send(.get, query)
                #expect(refused.status == 400 && refused.problem == "request.cursor", "\(query): \(refused.text)")
            }
        }

        @Test func everyListRefusesWhatIsWrong() async throws {
            let book = try await RuleBook(Installation.on(.sqlite))
            for (endpoint, path, shape) in book.lists {
                var cases = [("limit=0", "limit"), ("limit=101", "limit"), ("total=maybe", "total"), ("colour=red", "colour")]
                cases.append(("sort=colour", "sort"))
                cases.append(shape.fields.isEmpty ? ("filter=a=1", "filter") : ("filter=\(shape.fields[0].sample);colour=red", "filter/1"))
                for (query, pointer) in cases {
                    let answer = try await book.caller.send(.get, path + "?" + query)
                    #expect(answer.status == 422 && answer.problem == "input.invalid", "\(endpoint.id) \(query): \(answer.text)")
                    #expect(answer.json["errors"]?.array?.first?["pointer"]?.string == pointer, "\(endpoint.id) \(query)")
                }
            }
        }

        @Test func everyReadChoosesFieldsAndIncludes() async throws {
            let book = try await RuleBook(Installation.on(.sqlite))
            for (endpoint, path) in book.reads {
                guard let object = endpoint.output.item else { continue }
                let wrong = try await book.caller.send(.get, path + "?fields=no_such")
                #expect(wrong.status == 422 && wrong.json["errors"]?.array?.first?["pointer"]?.string == "fields", "\(endpoint.id)")
                for member in object.members where !member.isRelated {
                    let answer = try await book.caller.send(.get, path + "?fields=" + member.name)
                    let found = answer.json["page"] == nil ? [answer.json] : answer.items
                    #expect(
                        found.allSatisfy { $0.object?.keys.map { $0 } == [member.name] }, "\(endpoint.id) \(member.name): \(answer.text)")
                }
                let plain = try await book.caller.send(.get, path)
                for member in object.members where member.isRelated {
                    #expect(!plain.text.contains("\"\(member.name)\":"), "\(endpoint.id)")
                    let answer = try await book.caller.send(.get, path + "?include=" + member.name)
                    let found = answer.json["page"] == nil ? [answer.json] : answer.items
                    #expect(found.allSatisfy { $0[member.name] != nil }, "\(endpoint.id)")
                    #expect(found.contains { $0[member.name] != .null }, "\(endpoint.id) brings no \(member.name): \(answer.text)")
                }
            }
        }

        @Test(arguments: TestDatabases.all)
        func everyReadIsConditional(_ dialect: Dialect) async throws {
            let book = try await RuleBook(Installation.on(dialect))
            for (endpoint, path) in book.reads {
                // A packed answer has a mark in its tag, and the client cannot unpack the nothing that HEAD gives.
                let plain = ["Accept-Encoding": "identity"]
                let answer = try await book.caller.send(.get, path, plain)
                try #require(answer.status == 200, "\(endpoint.id): \(answer.text)")
                let cache = try #require(answer.header("Cache-Control"), "\(endpoint.id)")
                let head = try await book.caller.send(.head, path, plain)
                #expect(
                    head.status == 200 && head.bytes.isEmpty && head.header("Content-Type") == answer.header("Content-Type"),
                    "\(endpoint.id)")
                guard cache != "no-store" else {
                    #expect(answer.header("ETag") == nil, "\(endpoint.id): what may not be kept needs no tag")
                    continue
                }
                let tag = try #require(answer.header("ETag"), "\(endpoint.id)")
                let isList = if case .page = endpoint.output { true } else { false }
                #expect(tag.hasPrefix("W/") == isList, "\(endpoint.id): \(tag)")
                #expect(head.header("ETag") == tag && head.header("Content-Length") == "\(answer.bytes.count)", "\(endpoint.id)")
                for header in [tag, "\"x\", " + tag, "*"] {
                    let same = try await book.caller.send(.get, path, plain.merging(["If-None-Match": header]) { $1 })
                    #expect(same.status == 304 && same.bytes.isEmpty && same.header("ETag") == tag, "\(endpoint.id): \(same.status)")
                    #expect(same.header("Cache-Control") == cache, "\(endpoint.id)")
                }
                #expect(
                    try await book.caller.send(.get, path, plain.merging(["If-None-Match": "\"x\""]) { $1 }).status == 200, "\(endpoint.id)"
                )
                let isEmpty = answer.json["items"]?.array?.isEmpty == true
                if !isEmpty, let name = endpoint.output.item?.members.first?.name {
                    let part = try await book.caller.send(.get, path + "?fields=" + name, plain.merging(["If-None-Match": tag]) { $1 })
                    #expect(part.status == 200 && part.header("ETag") != tag, "\(endpoint.id): another form has another tag")
                }
            }
        }

        @Test(arguments: TestDatabases.all)
        func everyListComesWhole(_ dialect: Dialect) async throws {
            let book = try await RuleBook(Installation.on(dialect))
            for (endpoint, path, _) in book.lists {
                let page = try await book.caller.send(.get, path + "?limit=100")
                guard page.json["page"]?["next_cursor"] == .null else { continue }
                let whole = try await book.caller.send(.get, path + "?all=true")
                #expect(whole.status == 200 && whole.items == page.items, "\(endpoint.id): \(whole.text)")
                #expect(whole.json["page"]?["total"]?["count"]?.int == Int64(page.items.count), "\(endpoint.id)")
                for type in ["application/x-ndjson", "text/csv"] {
                    let header = ["Accept": type, "Accept-Encoding": "identity"]
                    let (part, all) = (
                        try await book.caller.send(.get, path + "?limit=100", header),
                        try await book.caller.send(.get, path + "?all=true", header)
                    )
                    #expect(all.text == part.text && all.header("Content-Type") == part.header("Content-Type"), "\(endpoint.id) \(type)")
                }
                let refused = try await book.caller.send(.get, path + "?all=true&limit=5")
                #expect(refused.status == 422 && refused.problem == "input.invalid", "\(endpoint.id)")
            }
        }

        /// A tag that stays while the list changes would show old things for ever.
        @Test(arguments: TestDatabases.all)
        func noChangeLeavesAListsTag(_ dialect: Dialect) async throws {
            let book = try await RuleBook(Installation.on(dialect))
            let plain = ["Accept-Encoding": "identity"]
            var before: [String: Answer] = [:]
            for (_, path, _) in book.lists { before[path] = try await book.caller.send(.get, path, plain) }
            // What lies deepest is deleted first.
            let changes = book.changes.filter { $0.endpoint.method != .delete }
            let deletions = book.changes.filter { $0.endpoint.method == .delete }.sorted { $0.path.count > $1.path.count }
            var made = 0
            for (endpoint, path) in changes + deletions {
                var body: JSONValue?
                if case .object(let object)? = endpoint.input { body = object.example }
                let tag = try await book.caller.send(.get, path).header("ETag") ?? "*"
                let method = HTTPMethod(rawValue: endpoint.method.rawValue)
                let changed = try await book.caller.send(method, path, json: body, ["If-Match": tag])
                if (200..<300).contains(changed.status) { made += 1 }
                for (list, listPath, _) in book.lists {
                    let after = try await book.caller.send(.get, listPath, plain)
                    guard after.status == 200 else { continue }
                    let isSame = after.bytes == before[listPath]?.bytes
                    #expect(isSame || after.header("ETag") != before[listPath]?.header("ETag"), "\(endpoint.id) changes \(list.id)")
                    before[listPath] = after
                }
            }
            // Some are refused for what went before, such as the change of what is deleted by then.
            #expect(made * 3 > book.changes.count * 2, "\(made) of \(book.changes.count) changes were made")
        }

        @Test(arguments: TestDatabases.all)
        func everyChangeObeysIfMatch(_ dialect: Dialect) async throws {
            let book = try await RuleBook(Installation.on(dialect))
            #expect(book.changes.count >= 8)
            for (endpoint, path) in book.changes.sorted(by: { $0.endpoint.method != .delete && $1.endpoint.method == .delete }) {
                var body: JSONValue?
                if case .object(let object)? = endpoint.input { body = object.example }
                let method = HTTPMethod(rawValue: endpoint.method.rawValue)
                let before = try await book.caller.send(.get, path)
                guard before.status == 200 else { continue }  // Deleted with what it was in.
                let tag = try #require(before.header("ETag"), "\(endpoint.id)")
                for stale in ["\"stale\"", "W/" + tag] {
                    let refused = try await book.caller.send(method, path, json: body, ["If-Match": stale])
                    #expect(refused.status == 412 && refused.problem == "request.precondition_failed", "\(endpoint.id): \(refused.text)")
                }
                #expect(try await book.caller.send(.get, path).header("ETag") == tag, "\(endpoint.id) changed nothing")
                if endpoint.requiresPrecondition {
                    let refused = try await book.caller.send(method, path, json: body)
                    #expect(refused.status == 428 && refused.problem == "request.precondition_required", "\(endpoint.id): \(refused.text)")
                }
                let done = try await book.caller.send(method, path, json: body, ["If-Match": tag, "Prefer": "return=minimal"])
                #expect(done.status == 204 && done.bytes.isEmpty, "\(endpoint.id): \(done.status) \(done.text)")
                guard endpoint.method != .delete else { continue }
                #expect(done.header("Preference-Applied") == "return=minimal", "\(endpoint.id)")
                let after = try await book.caller.send(.get, path)
                #expect(after.header("ETag") != tag || after.json == before.json, "\(endpoint.id): a change has another tag")
                let late = try await book.caller.send(method, path, json: body, ["If-Match": tag])
                #expect(late.status == 412 || after.json == before.json, "\(endpoint.id): the second change is lost otherwise")
                let whole = try await book.caller.send(
                    method, path, json: body, ["If-Match": after.header("ETag") ?? "", "Prefer": "return=representation"])
                #expect(
                    whole.status == 200 && whole.header("Preference-Applied") == "return=representation", "\(endpoint.id): \(whole.text)")
                #expect(whole.header("ETag") == (try await book.caller.send(.get, path).header("ETag")), "\(endpoint.id)")
            }
        }

        /// Null empties what can be null and is refused for the rest; what is left out stays.
        @Test func noPatchPassesOverNull() async throws {
            let book = try await RuleBook(Installation.on(.sqlite))
            let patches = book.endpoints.filter { $0.method == .patch }
            #expect(patches.count >= 7)
            for endpoint in patches {
                guard let path = book.path(endpoint), case .object(let object)? = endpoint.input else { continue }
                let nothing = try await book.caller.send(.patch, path, json: [:], ["If-Match": "*"])
                #expect(nothing.status == 200, "\(endpoint.id): \(nothing.text)")
                for member in object.members {
                    guard case .change(let shape) = member.shape else {
                        Issue.record("\(endpoint.id): declare \(member.name) with .change")
                        continue
                    }
                    let answer = try await book.caller.send(.patch, path, json: .object([member.name: .null]), ["If-Match": "*"])
                    if case .nullable = shape {
                        #expect(answer.status == 200 && answer.json[member.name] == .null, "\(endpoint.id): \(answer.text)")
                    } else {
                        let pointer = answer.json["errors"]?.array?.first?["pointer"]
                        #expect(answer.status == 422 && pointer?.string == "/" + member.name, "\(endpoint.id): \(answer.text)")
                    }
                }
            }
        }

        /// What was made, what work goes on with and what was there already: each is where `Location` says.
        @Test func everyLocationLeadsToWhatItNames() async throws {
            let book = try await RuleBook(Installation.on(.sqlite))
            var followed: Set<String> = []
            for endpoint in book.endpoints where endpoint.method == .post && [201, 202].contains(endpoint.status) {
                guard let path = book.path(endpoint) else { continue }
                var body: String?
                if case .object(let object)? = endpoint.input { body = book.realIdentifiers(object.example.text) }
                let type = ["Content-Type": body == nil ? "text/plain" : "application/json"]
                for _ in 1...2 {
                    let made = try await book.caller.send(.post, path, bytes: Array((body ?? "Some words.").utf8), type)
                    guard made.status < 300 else { continue }
                    let place = try #require(made.header("Location"), "\(endpoint.id): \(made.status)")
                    let there = try await book.caller.send(.get, place)
                    #expect(there.status == 200, "\(endpoint.id): \(place): \(there.text)")
                    if let id = there.json["id"]?.string { #expect(made.text.contains(id), "\(endpoint.id): \(made.text)") }
                    followed.insert("\(endpoint.id) \(made.status)")
                }
            }
            #expect(followed.isSuperset(of: ["documents.upload 202", "documents.upload 200", "webhooks.test 201", "webhooks.replay 202"]))
            #expect(followed.count >= 12, "\(followed.sorted())")
        }

        @Test func everyPathTellsItsMethods() async throws {
            let book = try await RuleBook(Installation.on(.sqlite))
            for (path, endpoints) in Dictionary(grouping: book.endpoints, by: \.path) {
                let path = endpoints.first.flatMap(book.path) ?? path.replacing("{", with: "").replacing("}", with: "")
                let options = try await book.caller.send(.options, path)
                let allowed = (options.header("Allow") ?? "").split(separator: ", ").map(String.init)
                let methods = endpoints.map(\.method.rawValue)
                #expect(options.status == 204, "\(path)")
                #expect(allowed == (methods + (methods.contains("GET") ? ["HEAD"] : []) + ["OPTIONS"]).sorted(), "\(path)")
                let wrong = try await book.caller.send(.propfind, path)
                #expect(wrong.status == 405 && wrong.header("Allow") == options.header("Allow"), "\(path)")
                #expect(wrong.problem == "request.method_not_allowed", "\(path)")
            }
            #expect(try await book.caller.send(.options, "/").header("Allow") == "GET, HEAD, OPTIONS")
        }

        @Test func workThatGoesOnSaysSo() async throws {
            let project = try await Installation.on(.sqlite).person().project()
            let asked = try await project.caller.send(
                .post, project.thread() + "/messages", json: ["content": "When?"], ["Prefer": "respond-async, return=minimal"])
            #expect(asked.status == 202 && asked.bytes.isEmpty && asked.header("Location") != nil)
            #expect(asked.header("Preference-Applied") == "return=minimal, respond-async")
            let key = try await project.caller.send(.post, "/v1/me/keys", json: ["name": "K"], ["Prefer": "return=minimal"])
            #expect(key.json["secret"] != nil, "a secret is told though nobody wants an answer")
        }
    }
}

extension ListField {
    /// A filter on the field that holds or not, but is right.
    fileprivate var sample: String {
        switch kind {
        case .text: name + "~a"
        case .id, .labels: name + "=a,b"
        case .time: name + "%3E=2026-01-01"
        case .int, .real: name + "%3E=0"
        case .bool: name + "=true"
        case .choice(let names): name + "!=" + (names.first ?? "")
        }
    }
}

extension HTTPMethod {
    fileprivate static let head = HEAD
    fileprivate static let options = OPTIONS
    fileprivate static let propfind = PROPFIND
}
