import ParleyAuthority
import ParleyCore
public import ParleyHTTP
import ParleyIndex

extension EndpointTag {
    public static let search = Self("Search", "Passages found by words and by meaning.")
}

/// Search over HTTP.
public struct SearchEndpoints: Sendable {
    private let service: SearchService

    public init(service: SearchService) { self.service = service }

    public var endpoints: [Endpoint] {
        [
            .project(
                .search, .post, path: "/v1/projects/{project}/search", id: "search.run", tag: .search, summary: "Find passages",
                description: """
                    Plain words are alternatives; `"a phrase"` must occur exactly so; `+word` must occur and `-word` must not. Filters are \
                    applied before ranking.
                    """,
                input: SearchInput.schema, output: SearchResult.schema, rate: .question
            ) { _, scope, input in
                .ok(try await service.search(input.request, scope))
            }
        ]
    }
}

/// The body of a search.
struct SearchInput: Sendable {
    let query: String
    let limit: Int
    let mode: SearchMode
    let filters: Filters?

    struct Filters: Sendable {
        let documents: [DocumentID]?
        let tags: [String]?
        let types: [String]?
        let from: Timestamp?
        let to: Timestamp?
    }

    var request: SearchRequest {
        let filter = filters.map {
            SearchFilter(
                documents: $0.documents.map(Set.init), tags: $0.tags.map(Set.init), types: $0.types.map(Set.init), from: $0.from, to: $0.to)
        }
        return SearchRequest(query: query, limit: limit, mode: mode, filter: filter ?? .none)
    }

    static let schema: Schema<SearchInput> = .object(
        "Search", "What to look for.",
        .field("query", \.query, .string(1...20_000)),
        .field("limit", \.limit, .defaulted(.int(1...100), to: 10)),
        .field("mode", \.mode, .defaulted(.enumeration(), to: .hybrid)),
        .field("filters", \.filters, .optional(Filters.schema)),
        example: SearchInput(query: "When is the office open?", limit: 5, mode: .hybrid, filters: nil)
    ) { SearchInput(query: $0, limit: $1, mode: $2, filters: $3) }
}

extension SearchInput.Filters {
    static let schema: Schema<SearchInput.Filters> = .object(
        "SearchFilters", "Conditions that must all hold.",
        .field("documents", \.documents, .optional(.array(.id(), 1...1000))),
        .field("tags", \.tags, .optional(.array(.string(1...100), 1...100)), "Any of them."),
        .field("types", \.types, .optional(.array(.string(1...200), 1...100)), "Media types."),
        .field("from", \.from, .optional(.timestamp()), "Added at this moment or later."),
        .field("to", \.to, .optional(.timestamp()), "Added before this moment."),
        example: SearchInput.Filters(documents: nil, tags: ["rules"], types: nil, from: nil, to: nil)
    ) { SearchInput.Filters(documents: $0, tags: $1, types: $2, from: $3, to: $4) }
}

extension SearchResult {
    static let schema: Schema<SearchResult> = .object(
        "SearchResult", "Passages in order of rank.",
        .field("query", \.request.query, .string()),
        .field("mode", \.request.mode, .enumeration()),
        .field("hits", \.hits, .array(Passage.schema)),
        .field("degraded", \.degraded, .array(Degradation.schema), "What was not working."),
        .field("answerability", \.answerability, .optional(Answerability.schema), "Null without embeddings, or without a calibration."),
        .field("milliseconds", { @Sendable in $0.duration.seconds * 1000 }, .double(), "How long it took."),
        example: SearchResult(
            request: SearchRequest(query: "When is the office open?"), hits: [Passage.example], degraded: [], duration: .milliseconds(4)))
}
