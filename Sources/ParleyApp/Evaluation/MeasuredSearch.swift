import ParleyAuthority
import ParleyCore
import Retrieval

extension SearchService {
    /// Passages for a measurement.
    /// - Throws: `evaluation.search_degraded` when a part of the search does not work: the figures would be of something else.
    func measured(_ question: String, limit: Int, mode: SearchMode = .hybrid, _ scope: ProjectScope<Search>) async throws -> [Passage] {
        let found = try await search(SearchRequest(query: question, limit: limit, mode: mode), scope)
        guard let fault = found.degraded.first else { return found.hits }
        throw ParleyError(.searchDegraded, "Nothing can be measured while the search does not work as a whole: \(fault.message)")
    }
}

extension ErrorCode {
    static let searchDegraded = Self("evaluation.search_degraded", .unavailable, "A part of the search does not work")
}
