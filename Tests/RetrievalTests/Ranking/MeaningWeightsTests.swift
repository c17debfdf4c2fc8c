import ParleyIndex
import Testing

@testable import Retrieval

@Suite struct MeaningWeightsTests {
    private let packaged = MeaningWeights(identity: "all-MiniLM-L6-v2@1f2e/openvino-2026.4/mean/256/384")

    @Test func thePackagedModelCountsWhereItTells() {
        #expect(packaged.weight(question: .english, collection: .english) == 2)
        #expect(packaged.weight(question: TextLanguage("ar"), collection: TextLanguage("ar")) == 0)
        #expect(packaged.weight(question: TextLanguage("ru"), collection: TextLanguage("ru")) == 0, "it tells too little")
        let german = packaged.weight(question: TextLanguage("de"), collection: TextLanguage("de"))
        #expect(german > 0 && german < 2)
    }

    @Test func questionAndCollectionMustBothBeKnown() {
        #expect(packaged.weight(question: .english, collection: TextLanguage("ar")) == 0)
        #expect(packaged.weight(question: nil, collection: TextLanguage("ar")) == 0)
        #expect(packaged.weight(question: TextLanguage("ar"), collection: nil) == 0)
        #expect(packaged.weight(question: nil, collection: nil) == 2)
    }

    @Test func aModelThatWasNotMeasuredCountsTheSameEverywhere() {
        for identity in ["bge-m3@remote/remote/remote/8192/1024", "", nil] {
            #expect(MeaningWeights(identity: identity).weight(question: TextLanguage("ar"), collection: nil) == 2)
        }
    }
}
