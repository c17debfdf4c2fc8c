internal import Foundation
internal import ParleyCore
internal import ParleyTesting
internal import Testing

@testable internal import ParleyInference

@Suite("The reader")
struct ReaderTests {
    /// A pair as the training's export wrote it, with what the model said of it there.
    private struct Reference: Decodable {
        let first: String
        let passage: String
        let ids: [Int32]
        let passage_at: Int
        let answer: Float
        let entail: [Float]
        let start: [Float]
        let end: [Float]
    }

    private func references() throws -> [Reference] {
        let lines = try String(contentsOfFile: InstalledFiles.path("models/reader/reference.jsonl"), encoding: .utf8).split(separator: "\n")
        return try lines.map { try JSONDecoder().decode(Reference.self, from: Data($0.utf8)) }
    }

    private func reader() throws -> OpenVINOReader {
        OpenVINOReader(folder: try InstalledFiles.path("models/reader"), runtime: try InstalledFiles.runtime, threads: 1)
    }

    @Test("Its figures are those of the training, to the rounding of another batch")
    func parity() async throws {
        let reader = try reader()
        let references = try references()
        #expect(references.count >= 10)
        for reference in references {
            let reading = try #require(try await reader.read(reference.first, in: [reference.passage]).first)
            #expect(abs(reading.answer - reference.answer) < 0.15, "\(reference.first)")
            let shares = reference.entail.map { exp($0) }
            #expect(abs(reading.supported - shares[0] / shares.reduce(0, +)) < 0.05, "\(reference.first)")
            #expect(abs(reading.contradicted - shares[1] / shares.reduce(0, +)) < 0.05, "\(reference.first)")
            let count = reference.ids.count - 1 - reference.passage_at
            try #require(reading.tokens.count == count)
            for (token, place) in zip(reading.tokens, reference.passage_at...) {
                #expect(abs(token.start - reference.start[place] + reference.start[0]) < 0.4)
                #expect(abs(token.end - reference.end[place] + reference.end[0]) < 0.4)
            }
        }
        await reader.close()
    }

    @Test("It finds where the answer stands, and tells that there is none")
    func finds() async throws {
        let reader = try reader()
        let text = "An access token works for 15 minutes. A refresh token works for 30 days. Tokens are kept as hashes."
        let about = try #require(try await reader.read("How long does a refresh token work?", in: [text]).first)
        let span = try #require(about.span(in: 0..<text.unicodeScalars.count))
        let scalars = Array(text.unicodeScalars)[span.place]
        #expect(String(String.UnicodeScalarView(scalars)) == "30 days")
        let beside = try #require(try await reader.read("Who built the lighthouse?", in: [text]).first)
        #expect(beside.answer < about.answer - 2)
        #expect(try await reader.read("Anything?", in: []).isEmpty)
        await reader.close()
    }

    @Test("A passage too long for one row is read in parts that overlap")
    func parts() async throws {
        let folder = try ReaderFolder(path: try InstalledFiles.path("models/reader"))
        let question = [Int32](repeating: 2000, count: 200)
        let rows = ReadingRow.rows(question, [Int32](repeating: 3000, count: 700), folder)
        #expect(rows.allSatisfy { $0.ids.count <= folder.maxTokens && $0.start == folder.questionTokens + 2 })
        #expect(rows.first?.tokens.lowerBound == 0 && rows.last?.tokens.upperBound == 700)
        for (first, second) in zip(rows, rows.dropFirst()) { #expect(first.tokens.upperBound - second.tokens.lowerBound == folder.overlap) }
        #expect(ReadingRow.rows(question, [], folder).map(\.tokens) == [0..<0])

        let filler = String(repeating: "The ledger is kept in the archive. ", count: 100)
        let text = filler + "The keeper of the tower is called Ada Lovelace. " + filler
        let reader = try reader()
        let reading = try #require(try await reader.read("Who is the keeper of the tower?", in: [text]).first)
        let span = try #require(reading.span(in: 0..<text.unicodeScalars.count))
        let scalars = Array(text.unicodeScalars)[span.place]
        #expect(String(String.UnicodeScalarView(scalars)) == "Ada Lovelace")
        await reader.close()
    }

    @Test("A span lies in the words that are asked for, and is no longer than an answer")
    func spans() {
        func token(_ number: Int, _ start: Float, _ end: Float) -> Reading.Token {
            Reading.Token(place: number * 2..<number * 2 + 1, start: start, end: end)
        }
        let tokens = [token(0, 5, 0), token(1, 1, 2), token(2, 0, 4), token(3, 3, 3)]
        let reading = Reading(answer: 0, supported: 0, contradicted: 0, tokens: tokens)
        #expect(reading.span(in: 0..<7) == Reading.Span(place: 0..<5, margin: 9))
        #expect(reading.span(in: 2..<5) == Reading.Span(place: 2..<5, margin: 5))
        #expect(reading.span(in: 6..<7) == Reading.Span(place: 6..<7, margin: 6))
        #expect(reading.span(in: 1..<2) == nil && reading.silent == 1)
        let long = (0..<60).map { token($0, $0 == 0 ? 9 : 0, $0 == 59 ? 9 : $0 == 29 ? 1 : 0) }
        #expect(Reading(answer: 0, supported: 0, contradicted: 0, tokens: long).span(in: 0..<120)?.place == 0..<59)
    }

    @Test("What is missing is said in a sentence that tells what to do")
    func missing() async throws {
        let folder = try TemporaryFolder()
        let none = OpenVINOReader(folder: folder.path, runtime: "/nowhere")
        let first = await #expect(throws: ParleyError.self) { try await none.read("?", in: ["a"]) }
        #expect(first?.code == .readerModelMissing && first?.message.contains("script/setup") == true)
        let odd = try TemporaryFolder([
            "reader.xml": "", "reader.json": #"{"version":"9","max_tokens":384,"question_tokens":96,"overlap":64}"#,
        ])
        let second = await #expect(throws: ParleyError.self) { try await OpenVINOReader(folder: odd.path, runtime: "/").checkHealth() }
        #expect(second?.code == .readerModelUnsupported)
        let here = OpenVINOReader(folder: try InstalledFiles.path("models/reader"), runtime: "/nowhere")
        let third = await #expect(throws: ParleyError.self) { try await here.read("?", in: ["a"]) }
        #expect(third?.code == .inferenceRuntimeMissing)
    }
}
