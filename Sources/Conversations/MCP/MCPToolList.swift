import ParleyCore
import Retrieval

/// The tools as they are told: what each is for, what it takes and what it gives.
enum MCPToolList {
    static let json: JSONValue = [listProjects, search, read, ask]

    private static let listProjects = tool(
        "list_projects", "List projects", "Lists the projects whose documents can be searched, read and asked.",
        properties: [:], required: [], output: ["projects": list(["id": text, "name": text, "description": text])])

    private static let search = tool(
        "search", "Search documents",
        """
        Finds the passages of a project's documents that fit a query, by words and by meaning. "A phrase" in quotes must occur exactly \
        so, +word must occur, -word must not.
        """,
        properties: [
            "query": describe(text, "What to look for."), "project": project,
            "limit": describe(number, "The most passages to give, from 1 to 20; 6 when left out."),
        ], required: ["query"],
        output: [
            "passages": list([
                "number": number, "document": text, "document_id": text, "uri": text, "page": optional(number), "headings": textList,
                "text": text, "from": number, "to": number, "score": ["type": "number"],
            ]), "notes": textList,
        ])

    private static let read = tool(
        "read", "Read a document", "Reads a document's text, or one page of it, or the part that begins at an offset.",
        properties: [
            "document": describe(text, "The document's id or its address, as search gives them."), "project": project,
            "page": describe(number, "Only this page, from 1."),
            "from": describe(number, "Where to begin, in characters; 0 when left out."),
            "length": describe(number, "The most characters to give, up to 50000; 20000 when left out."),
        ], required: ["document"],
        output: [
            "document": text, "document_id": text, "uri": text, "text": text, "from": number, "to": number, "length": number,
            "pages": number,
        ])

    private static let ask = tool(
        "ask", "Ask the documents",
        """
        Answers a question from a project's documents, with citations that quote them: in their own words, or as a language model writes. \
        Sentences that the documents do not support are marked, and must not be passed on as fact; what stands under a head may not answer \
        the question.
        """,
        properties: [
            "question": describe(text, "The question, standing alone."), "project": project,
            "instructions": describe(text, "How the answer should be given."),
        ], required: ["question"],
        output: [
            "answer": text, "way": optional(choice(AnswerWay.allCases.map(\.rawValue))),
            "stance": choice(AnswerStance.allCases.map(\.rawValue)), "head": optional(text),
            "citations": list([
                "number": number, "quote": text, "document": text, "document_id": text, "uri": text, "page": optional(number),
                "verdict": optional(verdict),
            ]), "notes": textList, "refused": ["type": "boolean"],
            "sentences": list(["text": text, "verdict": verdict, "support": ["type": "number"]]),
        ])

    private static let text: JSONValue = ["type": "string"]
    private static let number: JSONValue = ["type": "integer"]
    private static let verdict = choice(SupportVerdict.allCases.map(\.rawValue))
    private static let textList: JSONValue = ["type": "array", "items": ["type": "string"]]
    private static let project = describe(text, "The project's id or name; may be left out when there is one alone.")

    private static func choice(_ values: [String]) -> JSONValue { ["type": "string", "enum": .array(values.map { .string($0) })] }

    private static func optional(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }

    private static func describe(_ schema: JSONValue, _ words: String) -> JSONValue {
        .object((schema.object ?? [:]).merging(["description": .string(words)]) { $1 })
    }

    private static func list(_ properties: [String: JSONValue]) -> JSONValue {
        [
            "type": "array",
            "items": [
                "type": "object", "properties": .object(properties), "required": .array(properties.keys.sorted().map { .string($0) }),
            ],
        ]
    }

    private static func tool(
        _ name: String, _ title: String, _ description: String, properties: [String: JSONValue], required: [String],
        output: [String: JSONValue]
    ) -> JSONValue {
        [
            "name": .string(name), "title": .string(title), "description": .string(description),
            "inputSchema": [
                "type": "object", "properties": .object(properties), "required": .array(required.map { .string($0) }),
                "additionalProperties": false,
            ],
            "outputSchema": [
                "type": "object", "properties": .object(output), "required": .array(output.keys.sorted().map { .string($0) }),
            ],
            "annotations": ["title": .string(title), "readOnlyHint": true, "openWorldHint": false, "idempotentHint": true],
        ]
    }
}
