import Accounts
import ParleyCore
import ParleyDatabase
import ParleyInference
import ParleyTesting
import Testing

@testable import Conversations

@Suite struct TokenQuotaTests {
    private struct Silent: ChatModel {
        var descriptor: ChatModelDescriptor { ChatModelDescriptor(name: "silent", contextWindow: 8192) }
        var tokenCounter: any AnswerTokenCounter { EstimatedTokenCounter() }
        func stream(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> { AsyncThrowingStream { $0.finish() } }
        func checkHealth() async throws {}
    }

    /// An answer may need 100 + 50 tokens, and as many as a rewriting may take.
    private let need = 150 + AnswerPlan.rewritingAllowance

    private func quota(_ quotas: Quotas) -> TokenQuota {
        TokenQuota(
            quotas: quotas,
            configuration: Answering.Configuration(
                passages: 1, answerTokens: 50, promptTokens: 100, repetitionPenalty: 1, abstains: false),
            models: ChatModels([ChatModels.Entry(name: "silent", dialect: .openAI, model: Silent(), price: TokenPrice())]))
    }

    @Test(arguments: TestDatabases.all)
    func whatAnAnswerMayNeedIsSetAsideAndGivenBack(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Conversation.migrations) { database in
            let conversation = try await Conversation(database)
            let asker = Asker(user: conversation.owner, project: conversation.project)
            let now = Conversation.moment
            let (quota, need) = (quota(Quotas(user: Quota(dailyTokens: need + 10))), need)
            try await database.write { connection in
                let answer = try #require(try MessageStore().message(conversation.answer, in: conversation.thread, connection))
                let question = try #require(try MessageStore().message(conversation.question, in: conversation.thread, connection))
                try quota.reserve(for: answer, AnswerOptions(), asker, at: now, connection)
                let refused = #expect(throws: ParleyError.self) {
                    try quota.reserve(for: question, AnswerOptions(), asker, at: now, connection)
                }
                #expect(refused?.code == .tokensUsedUp && refused?.limit == ReachedLimit(need + 10, used: need))
                #expect(refused?.retryAfter == .seconds(5), "what is set aside soon comes back")
                // The answer took eleven tokens.
                try AnswerUsage(models: ChatModels([]), clock: SystemClock()).record(
                    Self.told(answer, 10, 1), of: asker.user, in: asker.project, connection)
                try TokenReservations().remove(answer.id, in: connection)
                let standing = try quota.standing(.user(asker.user), at: SystemClock().now(), connection)
                #expect(standing.allSatisfy { $0.used == 11 && $0.reserved == 0 })
                let full = #expect(throws: ParleyError.self) {
                    try quota.reserve(for: question, AnswerOptions(), asker, at: SystemClock().now(), connection)
                }
                #expect((full?.retryAfter ?? .zero) > .seconds(5), "the day has to end first")
            }
        }
    }

    private static func told(_ answer: Message, _ prompt: Int, _ completion: Int) -> Message {
        var answer = answer
        answer.outcome.model = "silent"
        answer.outcome.usage = TokenUsage(promptTokens: prompt, completionTokens: completion)
        return answer
    }

    @Test(arguments: TestDatabases.all)
    func whatADiedAttemptTookIsCounted(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Conversation.migrations) { database in
            let conversation = try await Conversation(database)
            let entry = ChatModels.Entry(name: "silent", dialect: .openAI, model: Silent(), price: TokenPrice(prompt: 1, completion: 2))
            let models = ChatModels([entry])
            let plan = AnswerPlan(AnswerOptions(), ChatSettings(), AnswerLimits.none.configuration, models)
            let hub = AnswerHub()
            for attempt in 1...2 {
                let log = AnswerLog(conversation.answer, attempt: attempt, database: database, hub: hub)
                try await log.add(.retrieval([], [], nil))
                for _ in 0..<(attempt == 1 ? 10 : 0) { try await log.add(.text("four")) }
                try await log.flush()
            }
            let sums = try await database.write { connection in
                var answer = try #require(try MessageStore().message(conversation.answer, in: conversation.thread, connection))
                let stored = try AnswerEventStore().events(of: answer.id, after: 0, in: connection)
                let usage = AnswerUsage(models: models, clock: SystemClock())
                func died() -> DiedAttempt? {
                    DiedAttempt(answer, of: conversation.owner, question: "Which gate is it?", opening: "fourfour", stored)
                }
                #expect(died() == nil, "it has not been begun")
                for attempt in [1, 1, 2] {
                    answer.attempt = attempt
                    try usage.record(try #require(died()), plan, in: conversation.project, connection)
                }
                return try UsageStore().sums(UsageQuery(by: .model), in: connection)
            }
            // Eight words of four letters after the opening, a question of eighteen; the second attempt wrote nothing.
            #expect(sums.map(\.answers) == [0] && sums.first?.completionTokens == 8 && sums.first?.promptTokens == 5)
            let standing = try await database.read {
                try quota(Quotas()).standing(.user(conversation.owner), at: SystemClock().now(), $0)
            }
            #expect(standing.allSatisfy { $0.used == 13 })
        }
    }

    @Test func aPeriodEndsInUTC() {
        let moment = Timestamp(milliseconds: 1_790_000_000_000)
        #expect(moment.description.hasPrefix("2026-09-21T14:13:20"))
        #expect(TokenPeriod.day.rest(after: moment) == .seconds(35_200))
        #expect(TokenPeriod.month.rest(after: moment) == .seconds(812_800))
        #expect(TokenPeriod.month.days(around: moment) == "2026-09-01"..."2026-09-31")
    }

    @Test(arguments: TestDatabases.all)
    func callsOnTheWayToAnAnswerAreCounted(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Conversation.migrations) { database in
            let conversation = try await Conversation(database)
            let entry = ChatModels.Entry(name: "silent", dialect: .openAI, model: Silent(), price: TokenPrice(prompt: 1, completion: 2))
            let usage = AnswerUsage(models: ChatModels([entry]), clock: SystemClock())
            let told = AuxiliaryCall(.rewriting, entry, [], "", TokenUsage(promptTokens: 40, completionTokens: 5))
            let counted = AuxiliaryCall(.rewriting, entry, [ChatMessage(.user, "Rewrite this question.")], "Which gate?", nil)
            #expect(counted.usage.isEstimate == true && counted.usage.promptTokens > 3 && counted.usage.completionTokens > 1)
            let sums = try await database.write { connection in
                let answer = try #require(try MessageStore().message(conversation.answer, in: conversation.thread, connection))
                try usage.record(Self.told(answer, 100, 10), of: conversation.owner, in: conversation.project, connection)
                for _ in 0..<2 { try usage.record(told, for: answer.id, of: conversation.owner, in: conversation.project, connection) }
                return try UsageStore().sums(UsageQuery(by: .model), in: connection)
            }
            #expect(sums.map(\.answers) == [1] && sums.first?.promptTokens == 140 && sums.first?.completionTokens == 15)
        }
    }
}
