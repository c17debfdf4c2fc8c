/// Writes one answer, token by token. Belongs to one thread; its work blocks.
struct GenerationRun {
    private let generation: Generation
    private let tokenizer: BytePairTokenizer
    private let ends: Set<Int64>
    private var sampler: Sampler
    private var stops: StopMatcher
    private var text = TextAssembler()
    private var written = 0

    init(_ generation: Generation, tokenizer: BytePairTokenizer, ends: Set<Int64>) {
        (self.generation, self.tokenizer, self.ends) = (generation, tokenizer, ends)
        sampler = Sampler(generation.sampling)
        stops = StopMatcher(generation.stop)
    }

    /// - Throws: `CancellationError` between two tokens; `inference.failed`.
    mutating func run(_ session: OpenVINOSession) throws {
        let finish = try write(session)
        if !stops.isStopped { emit(text.add(stops.finish())) }
        emit(text.finish())
        generation.output.yield(
            .finished(finish, usage: ChatUsage(promptTokens: generation.prompt.count, completionTokens: written)))
    }

    private mutating func write(_ session: OpenVINOSession) throws -> ChatFinish {
        var tokens = generation.prompt
        while written < generation.limit {
            if generation.isCancelled { throw CancellationError() }
            let next = Int64(try session.step(tokens) { sampler.next($0) })
            if ends.contains(next) { return .stop }
            written += 1
            emit(text.add(stops.add(tokenizer.bytes(of: next))))
            if stops.isStopped { return .stop }
            tokens = [next]
        }
        return .length
    }

    private func emit(_ piece: String) {
        if !piece.isEmpty { generation.output.yield(.text(piece)) }
    }
}
