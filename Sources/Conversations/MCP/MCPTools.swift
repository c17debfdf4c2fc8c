import Accounts
import Library
import ParleyAuthority
import ParleyCore
import Retrieval

/// Does what the tools are called for, with the caller's own rights.
struct MCPTools: Sendable {
    private static let longestRead = 50_000
    let door: ForeignDoor

    /// A tool that answers at once; nil when there is none of this name. `ask` is another matter, since it takes its time.
    /// - Throws: `MCPToolFault`, or what the services throw.
    func call(_ name: String, _ arguments: MCPArguments, _ caller: Scope<ProtocolsUse>) async throws -> MCPToolResult? {
        switch name {
        case "list_projects": try await listProjects(caller)
        case "search": try await search(arguments, caller)
        case "read": try await read(arguments, caller)
        default: nil
        }
    }

    /// Puts the question of a call of `ask`.
    func ask(_ arguments: MCPArguments, _ caller: Scope<ProtocolsUse>) async throws -> MCPRunning {
        let question = try arguments.text("question")
        let project = try await project(arguments, caller)
        let scope = try await door.scope(caller, .threadsUse, on: project.id)
        var options = AnswerOptions()
        options.instructions = try arguments.optionalText("instructions", atMost: 4000)
        let exchange = try await door.conversations.ask(question, after: [], options: options, isKept: false, scope)
        return MCPRunning(answer: exchange.answer, scope: scope, isMarked: try await door.marks(scope))
    }

    /// The result of a call of `ask`.
    /// - Parameter isMarked: whether the text marks the sentences that the documents do not support.
    static func result(_ message: Message, _ project: ProjectID, isMarked: Bool) -> MCPToolResult {
        let answer = MarkedText.whole(message, isMarked: isMarked).text
        let citations = message.outcome.citations
        let sources = citations.map { citation in
            "[\(citation.number)] \(citation.documentName)\(citation.page.map { ", page \($0)" } ?? ""): “\(citation.quote)”"
        }
        let text = answer + (sources.isEmpty ? "" : "\n\nSources:\n" + sources.joined(separator: "\n"))
        let grounding = message.outcome.grounding
        let value: JSONValue = [
            "answer": .string(answer), "way": grounding.way.map { .string($0.rawValue) } ?? .null,
            "stance": .string(grounding.stance.rawValue), "head": grounding.head.map { .string($0) } ?? .null,
            "notes": .array(message.outcome.degraded.map { .string($0.message) }),
            "refused": .bool(grounding.isRefusal), "sentences": .array(sentences(message)),
            "citations": .array(
                citations.map { citation in
                    [
                        "number": .int(Int64(citation.number)), "quote": .string(citation.quote),
                        "document": .string(citation.documentName), "document_id": .string(citation.document.description),
                        "uri": .string(MCPAddress(project: project, document: citation.document).text), "page": page(citation.page),
                        "verdict": citation.verdict.map { .string($0.rawValue) } ?? .null,
                    ]
                }),
        ]
        return MCPToolResult(text: text, value: value)
    }

    /// Each sentence that claims something, and whether the documents say it.
    private static func sentences(_ message: Message) -> [JSONValue] {
        let scalars = Array(message.content.unicodeScalars)
        return message.outcome.grounding.sentences.map { check in
            var text = String.UnicodeScalarView()
            if 0 <= check.from, check.from <= check.to, check.to <= scalars.count {
                text.append(contentsOf: scalars[check.from..<check.to])
            }
            return [
                "text": .string(String(text)), "verdict": .string(check.verdict.rawValue), "support": .double(check.support),
            ]
        }
    }

    private func listProjects(_ caller: Scope<ProtocolsUse>) async throws -> MCPToolResult {
        let projects = try await door.list(caller)
        let lines = projects.map { "\($0.name) (\($0.id))\($0.description.isEmpty ? "" : ": " + $0.description)" }
        let values = projects.map { project -> JSONValue in
            ["id": .string(project.id.description), "name": .string(project.name), "description": .string(project.description)]
        }
        return MCPToolResult(
            text: lines.isEmpty ? "There are no projects." : lines.joined(separator: "\n"), value: ["projects": .array(values)])
    }

    private func search(_ arguments: MCPArguments, _ caller: Scope<ProtocolsUse>) async throws -> MCPToolResult {
        let query = try arguments.text("query")
        let limit = try arguments.number("limit", 1...20) ?? 6
        let project = try await project(arguments, caller)
        let scope = try await door.scope(caller, .search, on: project.id)
        let found = try await door.search.search(SearchRequest(query: query, limit: limit), scope)
        let lines = found.hits.map { hit in
            let place = ([hit.documentName] + hit.headingPath).joined(separator: " › ") + (hit.firstPage.map { ", page \($0)" } ?? "")
            return "[\(hit.index)] \(place) (\(hit.document))\n\(hit.text)"
        }
        let notes = found.degraded.map(\.message)
        var result = MCPToolResult(
            text: lines.isEmpty ? "Nothing was found." : lines.joined(separator: "\n\n"),
            value: ["passages": .array(found.hits.map { Self.passage($0, project.id) }), "notes": .array(notes.map { .string($0) })])
        var seen: Set<DocumentID> = []
        for hit in found.hits where seen.insert(hit.document).inserted {
            result.links.append((MCPAddress(project: project.id, document: hit.document), hit.documentName, hit.mediaType))
        }
        return result
    }

    private static func passage(_ hit: Passage, _ project: ProjectID) -> JSONValue {
        [
            "number": .int(Int64(hit.index)), "document": .string(hit.documentName), "document_id": .string(hit.document.description),
            "uri": .string(MCPAddress(project: project, document: hit.document).text), "page": page(hit.firstPage),
            "headings": .array(hit.headingPath.map { .string($0) }), "text": .string(hit.text), "from": .int(Int64(hit.from)),
            "to": .int(Int64(hit.to)), "score": .double(hit.score),
        ]
    }

    private func read(_ arguments: MCPArguments, _ caller: Scope<ProtocolsUse>) async throws -> MCPToolResult {
        let name = try arguments.text("document", atMost: 200)
        let address = MCPAddress(name)
        guard let id = address?.document ?? DocumentID(name) else {
            throw MCPToolFault("The argument document must be an id (doc_…) or an address (parley://…), as search gives them.")
        }
        let project: ProjectID
        if let address { project = address.project } else { project = try await self.project(arguments, caller).id }
        let scope = try await door.scope(caller, .documentsRead, on: project)
        let length = try arguments.number("length", 1...Self.longestRead) ?? 20_000
        var from = try arguments.number("from", 0...Int.max) ?? 0
        var to: Int?
        if let number = try arguments.number("page", 1...Int.max) {
            let outline = try await door.documents.text(id, revision: nil, from: 0, to: 0, limit: 0, scope).outline
            guard let page = outline.pages.first(where: { $0.number == number }) else {
                throw MCPToolFault("The document has no page \(number); it has \(outline.pages.count) pages.")
            }
            (from, to) = (page.from, page.to)
        }
        let text = try await door.documents.text(id, revision: nil, from: from, to: to, limit: length, scope)
        let value: JSONValue = [
            "document": .string(text.name), "document_id": .string(id.description),
            "uri": .string(MCPAddress(project: project, document: id).text), "text": .string(text.text), "from": .int(Int64(text.from)),
            "to": .int(Int64(text.to)), "length": .int(Int64(text.length)), "pages": .int(Int64(text.outline.pages.count)),
        ]
        return MCPToolResult(text: text.text, value: value)
    }

    private static func page(_ number: Int?) -> JSONValue { number.map { .int(Int64($0)) } ?? .null }

    /// The project that the call names, or the only one there is.
    private func project(_ arguments: MCPArguments, _ caller: Scope<ProtocolsUse>) async throws -> Project {
        guard let name = try arguments.optionalText("project", atMost: 300), !name.isEmpty else {
            let all = try await door.list(caller)
            if let only = all.first, all.count == 1 { return only }
            throw MCPToolFault(
                all.isEmpty ? "You have no projects." : "Name the project: \(all.prefix(20).map(\.name).joined(separator: ", ")).")
        }
        if let project = try await door.find(name, caller) { return project }
        throw MCPToolFault("There is no project \(name); list_projects tells which there are.")
    }
}
