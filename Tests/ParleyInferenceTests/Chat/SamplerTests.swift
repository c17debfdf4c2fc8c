import Foundation
import Testing

@testable import ParleyInference

@Suite struct SamplerTests {
    private func draw(_ sampling: Sampling, _ logits: [Float], times: Int = 400) -> [Int] {
        var sampler = Sampler(sampling)
        return (0..<times).map { _ in logits.withUnsafeBufferPointer { sampler.next($0) } }
    }

    @Test func zeroTemperatureTakesTheLikeliest() {
        #expect(Set(draw(Sampling(temperature: 0), [0.1, 3, -1, 3])) == [1])
        #expect(Set(draw(Sampling(temperature: 1e-9, topP: 0.5), [0.1, 3, -1, 2.9])) == [1])
        #expect(Set(draw(Sampling(temperature: 1), [.nan, .infinity, 0])) == [1])
        #expect(Set(draw(Sampling(temperature: 1), [.nan, .nan])) == [0])
    }

    @Test func aSeedRepeatsTheDraws() {
        let logits = (0..<50).map { Float($0 % 7) }
        let sampling = Sampling(temperature: 1, topP: 0.9, seed: 42)
        #expect(draw(sampling, logits) == draw(sampling, logits))
        #expect(draw(sampling, logits) != draw(Sampling(temperature: 1, topP: 0.9, seed: 43), logits))
        #expect(draw(Sampling(temperature: 1), logits) != draw(Sampling(temperature: 1), logits))
    }

    @Test func temperatureFollowsTheDistribution() {
        // e^0 : e^-1.0986 = 3 : 1
        let share = { (sampling: Sampling) in Double(draw(sampling, [0, -1.0986, -40], times: 4000).count { $0 == 0 }) / 4000 }
        #expect(abs(share(Sampling(temperature: 1, seed: 1)) - 0.75) < 0.03)
        #expect(abs(share(Sampling(temperature: 2, seed: 1)) - 0.634) < 0.03)
        #expect(!draw(Sampling(temperature: 1, seed: 1), [0, -1.0986, -40], times: 4000).contains(2))
    }

    @Test func theNucleusIsTheLeastSetThatHoldsTopP() {
        // Probabilities 0.5, 0.3, 0.15, 0.05
        let logits: [Float] = [0.05, 0.5, 0.15, 0.3].map { logf($0) }
        #expect(Set(draw(Sampling(temperature: 1, topP: 0.4, seed: 5), logits)) == [1])
        #expect(Set(draw(Sampling(temperature: 1, topP: 0.7, seed: 5), logits)) == [1, 3])
        #expect(Set(draw(Sampling(temperature: 1, topP: 0.9, seed: 5), logits)) == [1, 2, 3])
        #expect(Set(draw(Sampling(temperature: 1, topP: 1, seed: 5), logits)) == [0, 1, 2, 3])
        #expect(Set(draw(Sampling(temperature: 1, topP: 0, seed: 5), logits)) == [1])
    }

    @Test func penaltiesTurnTheAnswerAway() {
        #expect(draw(Sampling(repetitionPenalty: 2), [3, 2, -1], times: 3) == [0, 1, 0])
        #expect(draw(Sampling(presencePenalty: 1.5), [3, 2, 1], times: 3) == [0, 1, 0])
        #expect(draw(Sampling(frequencyPenalty: 0.6), [3, 2, -9], times: 4) == [0, 0, 1, 0])
    }
}
