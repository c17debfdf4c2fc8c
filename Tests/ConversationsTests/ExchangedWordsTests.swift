import Foundation
import ParleyInference
import ParleyTesting
import Retrieval
import Testing

@testable import Conversations

/// Statements about made-up notes by somebody who did not write the rules: 80 that a note says, mostly in other words, and 160 in which the
/// subject, a number, a name or a negation was exchanged.
@Suite struct ExchangedWordsTests {
    private struct Pair: Decodable {
        let passage: String
        let statement: String
        let kind: String
    }

    /// How many statements are called supported.
    private func supported(reader: (any PassageReader)?) async throws -> (true: Int, exchanged: Int) {
        var counts = (true: 0, exchanged: 0)
        for line in try InstalledFiles.text("Benchmarks/Questions/pairs.jsonl").split(separator: "\n") {
            let pair = try JSONDecoder().decode(Pair.self, from: Data(line.utf8))
            let verifier = StatementVerifier(passages: [try passage(pair.passage, index: 1, from: 0)], question: "", reader: reader)
            guard await verifier.verify(pair.statement).verdict == .supported else { continue }
            if pair.kind == "true" { counts.true += 1 } else { counts.exchanged += 1 }
        }
        return counts
    }

    @Test func exchangedWordsAreSeldomSupported() async throws {
        let counts = try await supported(reader: nil)
        #expect(counts.exchanged <= 9, "of 160")
        #expect(counts.true >= 35, "of 80")
    }

    @Test func aReaderNoticesMoreOfThem() async throws {
        let reader = OpenVINOReader(
            folder: try InstalledFiles.path("models/reader"), runtime: try InstalledFiles.path("runtime/openvino"))
        let counts = try await supported(reader: reader)
        #expect(counts.exchanged <= 3, "of 160")
        #expect(counts.true >= 33, "of 80")
        await reader.close()
    }
}
