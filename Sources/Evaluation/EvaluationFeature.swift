public import Conversations
public import Library
public import ParleyCore
public import ParleyDatabase
public import ParleyHTTP
public import ParleyJobs
public import ParleyTelemetry
public import Retrieval

/// Question sets, runs, the gate of the settings, and feedback, wired together.
public struct EvaluationFeature: Sendable {
    public let endpoints: [Endpoint]
    public let jobs: [JobHandler]

    public init(
        database: Database, jobs: JobQueue, events: ParleyJobs.Events, clock: any WallClock, telemetry: Telemetry,
        conversations: ConversationService, settings: ChatSettingsService, search: SearchService, documents: DocumentService,
        version: String
    ) {
        let sets = QuestionSetService(database: database, conversations: conversations, events: events, clock: clock)
        let runs = RunService(
            database: database, jobs: jobs, events: events, settings: settings, sets: sets,
            makers: InstallationMakers(search: search, conversations: conversations, version: version), clock: clock)
        let gates = GateService(runs: runs, settings: settings, events: events, clock: clock)
        let feedback = FeedbackService(
            conversations: conversations, documents: documents, sets: sets, events: events, clock: clock, telemetry: telemetry)
        endpoints =
            QuestionSetEndpoints(service: sets).endpoints + RunEndpoints(service: runs).endpoints + GateEndpoints(service: gates).endpoints
            + FeedbackEndpoints(service: feedback).endpoints
        self.jobs = [
            EvaluationRunner(
                service: runs, gates: gates, search: search, conversations: conversations, telemetry: telemetry
            ).handler
        ]
    }
}
