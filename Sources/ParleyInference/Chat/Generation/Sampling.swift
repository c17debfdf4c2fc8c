/// How the next token is chosen.
public struct Sampling: Hashable, Sendable {
    /// 0 takes the likeliest token always; 1 follows the model's distribution; more flattens it.
    public var temperature: Double
    /// Nucleus: the likeliest tokens whose probabilities add up to this much; 1 takes all.
    /// (Holtzman et al., The Curious Case of Neural Text Degeneration, 2020.)
    public var topP: Double
    /// Equal seeds give equal answers of one model on one machine; nil draws a seed.
    public var seed: UInt64?
    /// Divides the weight of tokens that stand in the answer already (Keskar et al., CTRL, 2019); 1 leaves them alone.
    public var repetitionPenalty: Double
    /// Taken from a token's weight once for each time it stands in the answer, as OpenAI defines it.
    public var frequencyPenalty: Double
    /// Taken from a token's weight once if it stands in the answer, as OpenAI defines it.
    public var presencePenalty: Double

    public init(
        temperature: Double = 0, topP: Double = 1, seed: UInt64? = nil, repetitionPenalty: Double = 1, frequencyPenalty: Double = 0,
        presencePenalty: Double = 0
    ) {
        (self.temperature, self.topP, self.seed) = (temperature, topP, seed)
        (self.repetitionPenalty, self.frequencyPenalty, self.presencePenalty) = (repetitionPenalty, frequencyPenalty, presencePenalty)
    }

    var hasPenalty: Bool { repetitionPenalty != 1 || frequencyPenalty != 0 || presencePenalty != 0 }
}
