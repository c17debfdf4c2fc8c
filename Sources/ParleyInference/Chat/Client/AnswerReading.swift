internal import Foundation
internal import ParleyCore

/// Reads one answer from its bytes up to its end, which not every service tells. A state machine without input or output.
struct AnswerReading<Decoder: AnswerDecoder>: Sendable {
    /// How long the first text of a model of which nothing is known is held back at most.
    private static var longestHold: Duration { .seconds(3) }
    /// A token is a word, or less of one; whatever a service does, an answer has no more bytes than this for each of its tokens.
    private static var bytesPerToken: Int { 32 }
    /// Bytes of text and thinking together, whatever was asked for.
    private static var longest: Int { 4 << 20 }

    private var wire = AnswerWire()
    private var decoder = Decoder()
    private var reasoning: ReasoningReader
    private var stops: StopMatcher
    private let limit: Int
    private var received = 0
    private var written = 0
    private var heldSince: ContinuousClock.Instant?
    private var isDone = false
    private(set) var hasText = false
    /// When there was something new last.
    private(set) var news: ContinuousClock.Instant

    /// - Parameters:
    ///   - stop: where the answer ends, for services that do not look for it themselves.
    ///   - tokens: the longest answer, thinking included.
    init(_ form: ReasoningForm, stop: [String], tokens: Int, now: ContinuousClock.Instant) {
        (reasoning, stops, news) = (ReasoningReader(form), StopMatcher(stop), now)
        limit = tokens.multipliedClamped(by: Self.bytesPerToken)
    }

    /// Whether all that may come is of no interest.
    var isOver: Bool { isDone || decoder.ending.isDone || stops.isStopped || isTooLong }
    private var isTooLong: Bool { written > limit || received > Self.longest }
    /// Whether the answer is whole, though something may follow, such as usage.
    var isFinished: Bool { decoder.ending.finish != nil }
    var form: ReasoningForm { reasoning.form }

    /// How the answer ended.
    var ending: AnswerEnding {
        var ending = decoder.ending
        if stops.isStopped { ending.finish = .stop }
        if isTooLong { ending.finish = .length }
        if !hasText, ending.asksForTool { ending.finish = .toolCalls }
        if hasText, ending.finish == .toolCalls { ending.finish = .stop }
        return ending
    }

    mutating func add(_ bytes: [UInt8], now: ContinuousClock.Instant) throws(ParleyError) -> [ChatChunk] {
        var chunks = try read(wire.add(bytes), now)
        if let heldSince, now - heldSince > Self.longestHold, !reasoning.soundsLikeThinking { chunks += give(reasoning.release()) }
        return chunks
    }

    /// The rest of the answer, when the stream has ended or nothing more is waited for.
    /// - Throws: `model.unreachable` when it broke off before its end.
    mutating func end(now: ContinuousClock.Instant) throws(ParleyError) -> [ChatChunk] {
        var chunks = isOver ? [] : try read(wire.finish(), now)
        chunks += give(reasoning.finish(isCut: ending.finish == .length))
        if !stops.isStopped {
            let rest = String(decoding: stops.finish(), as: UTF8.self)
            if !rest.isEmpty { chunks.append(.text(rest)) }
        }
        return chunks
    }

    /// Whether an end was told, or made.
    var hasEnd: Bool { isOver || isFinished }

    private mutating func read(_ events: [AnswerWire.Event], _ now: ContinuousClock.Instant) throws(ParleyError) -> [ChatChunk] {
        var chunks: [ChatChunk] = []
        for event in events where !isOver {
            let before = decoder.ending
            switch event {
            case .done: isDone = true
            case .failure(let value): throw ModelRejection(value).error
            case .value(let value):
                for piece in try decoder.add(value) {
                    news = now
                    chunks += take(piece, now)
                }
            }
            if decoder.ending != before { news = now }
        }
        return chunks
    }

    private mutating func take(_ piece: AnswerPiece, _ now: ContinuousClock.Instant) -> [ChatChunk] {
        switch piece {
        case .reasoning(let text):
            reasoning.noteThinking()
            received += text.utf8.count
            return give(reasoning.release()) + [.reasoning(text)]
        case .text(let text):
            if heldSince == nil, reasoning.form == .unknown { heldSince = now }
            received += text.utf8.count
            return give(reasoning.add(text))
        }
    }

    private mutating func give(_ pieces: [ReasoningReader.Piece]) -> [ChatChunk] {
        pieces.compactMap { piece in
            switch piece {
            case .reasoning(let text): return .reasoning(text)
            case .withdrawn:
                hasText = false
                return .withdrawn
            case .text(let text):
                let shown = String(decoding: stops.add(text.utf8), as: UTF8.self)
                let room = max(0, limit.subtractingClamped(written))
                written += shown.utf8.count
                if !shown.allSatisfy(\.isWhitespace) { hasText = true }
                return shown.isEmpty || room == 0 ? nil : .text(String(shown.prefix(room)))  // fits: not negative
            }
        }
    }
}
