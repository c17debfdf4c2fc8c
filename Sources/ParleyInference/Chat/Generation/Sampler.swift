internal import Foundation

/// Chooses tokens one after another for one answer.
struct Sampler {
    private let sampling: Sampling
    private var random: SplitMix64
    private var counts: [Int: Int] = [:]
    private var weights: [Float] = []

    init(_ sampling: Sampling) {
        self.sampling = sampling
        random = SplitMix64(seed: sampling.seed ?? UInt64.random(in: 0...UInt64.max))
    }

    /// The next token, given the model's logits; the token counts as written.
    mutating func next(_ logits: UnsafeBufferPointer<Float>) -> Int {
        let token =
            if sampling.hasPenalty, !counts.isEmpty {
                penalised(logits).withUnsafeBufferPointer { choose($0) }
            } else {
                choose(logits)
            }
        if sampling.hasPenalty { counts[token, default: 0] += 1 }
        return token
    }

    private mutating func choose(_ logits: UnsafeBufferPointer<Float>) -> Int {
        let best = Self.likeliest(logits)
        // Below this the likeliest token takes all of the probability that a float can show.
        guard sampling.temperature >= 0.001, logits.indices.contains(best), logits[best].isFinite else { return best }
        weigh(logits, best: logits[best])
        let total = weights.reduce(0, +)
        return sampling.topP < 1 ? drawNucleus(total) ?? best : draw(weights.indices.lazy.map { $0 }, of: total) ?? best
    }

    /// Weights relative to the likeliest token's, which is 1.
    private mutating func weigh(_ logits: UnsafeBufferPointer<Float>, best: Float) {
        let scale = Float(1 / sampling.temperature)
        weights.removeAll(keepingCapacity: true)
        weights.reserveCapacity(logits.count)
        for logit in logits {
            let distance = (logit - best) * scale
            // Under e^-30 a token would come once in ten million million; the test also keeps NaN out.
            weights.append(distance > -30 ? expf(distance) : 0)
        }
    }

    /// Draws from the likeliest tokens that hold `topP` of the total.
    private mutating func drawNucleus(_ total: Float) -> Int? {
        let share = total * Float(max(0, sampling.topP))
        // All tokens below the cut-off hold less than 1 - topP together, so none of them is needed; it spares sorting them.
        let cutOff = (total - share) / Float(max(1, weights.count))
        let candidates = weights.indices.filter { weights[$0] > cutOff }.sorted {
            weights[$0] != weights[$1] ? weights[$0] > weights[$1] : $0 < $1
        }
        var kept = 0
        var sum: Float = 0
        while kept < candidates.count, sum < share || kept == 0 {
            sum += weights[candidates[kept]]
            kept += 1
        }
        return draw(candidates.prefix(kept), of: sum)  // fits: a count
    }

    private mutating func draw(_ tokens: some Sequence<Int>, of total: Float) -> Int? {
        var remaining = random.unit() * total
        var last: Int?
        for token in tokens where weights[token] > 0 {
            last = token
            remaining -= weights[token]
            if remaining < 0 { break }
        }
        return last
    }

    private func penalised(_ logits: UnsafeBufferPointer<Float>) -> [Float] {
        var values = Array(logits)
        let divisor = Float(sampling.repetitionPenalty)
        for (token, count) in counts where values.indices.contains(token) {
            let value = values[token] > 0 ? values[token] / divisor : values[token] * divisor
            values[token] = value - Float(sampling.frequencyPenalty) * Float(count) - Float(sampling.presencePenalty)
        }
        return values
    }

    /// The first of the highest values; NaN never wins.
    static func likeliest(_ values: UnsafeBufferPointer<Float>) -> Int {
        var best = 0
        var highest = -Float.infinity
        for index in values.indices where values[index] > highest { (best, highest) = (index, values[index]) }
        return best
    }
}

/// A small reproducible generator (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014).
struct SplitMix64: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A number in [0, 1).
    mutating func unit() -> Float { Float(next() >> 40) / 16_777_216 }
}
