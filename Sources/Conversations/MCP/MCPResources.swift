import Accounts
import Library
import ParleyAuthority
import ParleyCore

/// The documents that have been read, as resources: an address, a name, and the parsed text.
struct MCPResources: Sendable {
    private static let pageSize = 100
    private static let longest = 2_000_000
    let door: ForeignDoor

    /// A page of resources, project after project; the cursor is the last address seen.
    func list(after cursor: String?, _ caller: Scope<ProtocolsUse>) async throws -> JSONValue {
        let last = try cursor.map { text in
            guard let address = MCPAddress(text) else { throw MCPFault(.invalidParams, "The cursor is not valid; begin without one.") }
            return address
        }
        var found: [(address: MCPAddress, document: Document)] = []
        for project in try await door.list(caller) where last.map({ project.id >= $0.project }) ?? true {
            let scope = try await door.scope(caller, .documentsRead, on: project.id)
            let after = last.flatMap { $0.project == project.id ? $0.document : nil }
            let wanted = Self.pageSize + 1 - found.count
            let query = ListQuery(
                conditions: [ListCondition("state", .isOneOf([.text(RevisionState.ready.rawValue)]))],
                place: after.map { ListPlace([.text($0.description)]) }, limit: wanted)
            let documents = try await door.documents.documents(query, deleted: false, scope)
            found += documents.items.map { (MCPAddress(project: project.id, document: $0.id), $0) }
            if found.count > Self.pageSize { break }
        }
        var result: [String: JSONValue] = ["resources": .array(found.prefix(Self.pageSize).map(Self.resource))]
        if found.count > Self.pageSize { result["nextCursor"] = .string(found[Self.pageSize - 1].address.text) }
        return .object(result)
    }

    /// - Throws: `MCPFault` when there is no such resource.
    func read(_ uri: String, missing: MCPFault.Code, _ caller: Scope<ProtocolsUse>) async throws -> JSONValue {
        let unknown = MCPFault(missing, "There is no resource \(uri).", data: ["uri": .string(uri)])
        guard let address = MCPAddress(uri) else { throw unknown }
        do {
            let scope = try await door.scope(caller, .documentsRead, on: address.project)
            let text = try await door.documents.text(address.document, revision: nil, from: 0, to: nil, limit: Self.longest, scope)
            return ["contents": [["uri": .string(uri), "mimeType": "text/plain", "text": .string(text.text)]]]
        } catch let error as ParleyError where error.code.kind == .notFound {
            throw unknown
        }
    }

    /// - Throws: `MCPFault` when there is no such resource.
    func require(_ uri: String, missing: MCPFault.Code, _ caller: Scope<ProtocolsUse>) async throws {
        let unknown = MCPFault(missing, "There is no resource \(uri).", data: ["uri": .string(uri)])
        guard let address = MCPAddress(uri) else { throw unknown }
        do {
            let scope = try await door.scope(caller, .documentsRead, on: address.project)
            _ = try await door.documents.present(address.document, scope)
        } catch let error as ParleyError where error.code.kind == .notFound {
            throw unknown
        }
    }

    static let templates: JSONValue = [
        "resourceTemplates": [
            [
                "uriTemplate": .string(MCPAddress.template), "name": "document", "title": "Document",
                "description": "The parsed text of a project's document.", "mimeType": "text/plain",
            ]
        ]
    ]

    private static func resource(_ found: (address: MCPAddress, document: Document)) -> JSONValue {
        [
            "uri": .string(found.address.text), "name": .string(found.document.name), "title": .string(found.document.name),
            "mimeType": "text/plain", "description": .string("The parsed text; the file itself is \(found.document.latest.mediaType)."),
            "annotations": ["lastModified": .string(found.document.updatedAt.description)],
        ]
    }
}
