import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyInference

/// One after another: they share one model with room for one that waits.
@Suite(.serialized) enum LanguageModelTests {}

extension LanguageModelTests {
    @Suite struct LocalLanguageModelTests {
        let model: LocalLanguageModel

        init() throws { model = try InstalledModel.model.get() }

        private let question = [
            ChatMessage(.system, "Answer in one short sentence using only the context."),
            ChatMessage(.user, "Context:\nThe old key keeps working for 24 hours.\n\nQuestion: How long does the old key keep working?"),
        ]

        @Test func answersFromTheContext() async throws {
            let answer = try await ReadAnswer(model.stream(ChatRequest(question, maxTokens: 40)))
            #expect(answer.text.contains("24 hours"))
            #expect(answer.finish == .stop)
            #expect(answer.usage?.promptTokens == model.tokenCounter.tokenCount(of: question))
            #expect((1..<40).contains(answer.usage?.completionTokens ?? 0))
        }

        @Test func stopsWhereItShould() async throws {
            let short = try await ReadAnswer(model.stream(ChatRequest(question, maxTokens: 2)))
            #expect(short.finish == .length && short.usage?.completionTokens == 2)
            let stopped = try await ReadAnswer(model.stream(ChatRequest(question, stop: ["24 h"], maxTokens: 40)))
            #expect(stopped.finish == .stop && !stopped.text.isEmpty && !stopped.text.contains("24"))
        }

        @Test func aSeedRepeatsTheAnswer() async throws {
            let request = ChatRequest([ChatMessage(.user, "Tell a story.")], sampling: Sampling(temperature: 1.5, seed: 7), maxTokens: 8)
            let first = try await ReadAnswer(model.stream(request))
            #expect(try await ReadAnswer(model.stream(request)) == first)
            var other = request
            other.sampling.seed = 8
            #expect(try await ReadAnswer(model.stream(other)) != first)
        }

        @Test func aPromptThatFillsTheWindowIsRefused() async throws {
            for words in [600, 1_000_000] {
                let request = ChatRequest([ChatMessage(.user, String(repeating: "word ", count: words))])
                let error = #expect(throws: ParleyError.self) { try model.start(request) }
                #expect(error?.code == .modelContextExceeded)
            }
        }

        @Test func refusesWhenTooManyWaitAndForgetsTheCancelled() async throws {
            let long = ChatRequest([ChatMessage(.user, "Tell a very long story.")], sampling: Sampling(temperature: 1, seed: 1))
            let running = try model.start(long)
            for try await _ in running.chunks { break }
            let waiting = try model.start(long)
            let error = #expect(throws: ParleyError.self) { try model.start(long) }
            #expect(error?.code == .modelOverloaded && error?.retryAfter != nil)
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await ReadAnswer(waiting.chunks) }
            #expect(model.waiting == 0)
            running.cancel()
            // The model is free again long before the story would have ended.
            #expect(try await ReadAnswer(model.stream(ChatRequest(question, maxTokens: 3))).usage?.completionTokens == 3)
        }

        @Test func aMissingModelSaysWhatToDo() throws {
            let runtime = try InstalledFiles.runtime
            let error = #expect(throws: ParleyError.self) { try LocalLanguageModel(folder: "/nowhere", runtime: runtime) }
            #expect(error?.code == .modelMissing && error?.message.contains("script/setup") == true)
        }
    }
}
