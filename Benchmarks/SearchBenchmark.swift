import Foundation
import ParleyCore
import ParleyInference

extension Suite {
    /// Searching ten thousand chunks against embedding the question alone, at rest and while documents come in.
    mutating func measureSearch(
        _ server: ParleyServer, _ project: String, _ model: OpenVINOEmbeddingModel, _ report: inout Report
    ) async throws {
        var chunks = try server.chunks(of: project)
        while chunks < 10_000 {
            try server.ingest(texts.short(min(1000, 10_000 - chunks)), into: project)
            chunks = try server.chunks(of: project)
            tell("\(chunks) chunks")
        }
        let session = try server.signIn()
        var (searches, embeddings): ([Double], [Double]) = ([], [])
        for question in texts.questions(320) {
            searches += try server.search([question], in: project, session)
            embeddings.append(try await secondsAwaiting { _ = try await model.embed([question], priority: .question) })
        }
        report.add(ratio("search : one query embedding", searches.suffix(300), embeddings.suffix(300), .atMost(1.5), "\(chunks) chunks"))

        let busy = try await searchWhileIngesting(server, project)
        let alone = try await embedWhileIngesting(model)
        report.add(ratio("the same while ingesting", busy[...], alone[...], .atMost(1.5), "both runtimes busy with documents"))
    }

    private func ratio(
        _ name: String, _ searches: ArraySlice<Double>, _ embeddings: ArraySlice<Double>, _ goal: Line.Goal, _ note: String
    ) -> Line {
        let (search, embedding) = (Array(searches).median * 1000, Array(embeddings).median * 1000)
        let p99 = Array(searches).quantile(0.99) * 1000
        return Line(
            name, search / embedding, "", goal,
            "\(note); p50 \(figure(search)) ms, p99 \(figure(p99)) ms, embedding p50 \(figure(embedding)) ms")
    }

    private mutating func searchWhileIngesting(_ server: ParleyServer, _ project: String) async throws -> [Double] {
        let (part, questions) = (texts.next(600), texts.questions(5000))
        let isOver = Flag()
        async let searches = blocking {
            let session = try server.signIn()
            var times: [Double] = []
            for question in questions where !isOver.isRaised { times += try server.search([question], in: project, session) }
            return times
        }
        try await blocking { try server.ingest(part, into: project) }
        isOver.raise()
        return try await searches
    }

    private mutating func embedWhileIngesting(_ model: OpenVINOEmbeddingModel) async throws -> [Double] {
        let (part, questions) = (texts.next(600), texts.questions(5000))
        let isOver = Flag()
        async let documents: Void = {
            _ = try await model.embed(part, priority: .ingestion)
            isOver.raise()
        }()
        var times: [Double] = []
        for question in questions where !isOver.isRaised {
            times.append(try await secondsAwaiting { _ = try await model.embed([question], priority: .question) })
        }
        try await documents
        return times
    }
}

extension ParleyServer {
    /// Searches one after another.
    /// - Returns: the seconds that each took.
    func search(_ questions: [String], in project: String, _ session: Session) throws -> [Double] {
        try questions.map { question in
            try seconds {
                let found = try session.call("POST", "/v1/projects/\(project)/search", ["query": .string(question)])
                guard found["hits"]?.array?.isEmpty == false, found["degraded"]?.array?.isEmpty == true else {
                    throw Failure("A search found nothing, or was degraded.")
                }
            }
        }
    }
}
