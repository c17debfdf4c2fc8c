@_spi(Authority) import Accounts
import Backup
import Console
import Conversations
import Evaluation
import Foundation
import Library
import Logging
import Notifications
@_spi(Authority) import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import ParleyIndex
import ParleyInference
import ParleyJobs
import ParleyParsing
import ParleyRemote
import ParleyTelemetry
import Retrieval
import ServiceLifecycle

/// The whole product, composed: settings go in, services come out. Whoever wants to know what depends on what reads it here.
struct Parley: Sendable {
    let settings: AppSettings
    let http: HTTPServer.Configuration
    let telemetry: Telemetry
    let database: Database
    let accounts: AccountService
    let signIn: SignInService
    let projects: ProjectService
    let keys: KeyService
    let operators: OperatorAuthenticator
    let documents: DocumentService
    let reading: DocumentReader
    let search: SearchService
    let indexing: Indexing
    let health: HealthRegistry
    let authorizer: Authorizer
    let features: [Feature]
    private let authenticator: BearerAuthenticator
    private let idempotency: IdempotencyRecords
    private let bulk: BulkJobs
    private let remote: RemoteClient
    let model: any EmbeddingModel
    let passageReader: (any PassageReader)?
    let jobs: JobQueue
    private let events: ParleyJobs.Events
    private let broadcast: EventBroadcast
    private let indexedFrom: EventPosition
    private let indexes: ProjectIndexes
    let webhookFollower: WebhookFollower
    private let modelFollower: ModelFollower
    private let supervisor: ModelSupervisor?
    private let folder: DataFolder
    private let signer: Signer
    private let authority: JobAuthority
    private let blobSweep: BlobSweep
    private let retention: EventRetention
    let purge: DocumentPurge
    /// Makes back-ups by itself; nil when the settings name no times for it.
    private let backups: BackupService?

    /// Opens the data folder and the database, brings the schema up to date, and wires everything together. Nothing runs yet.
    /// - Throws: `ParleyError` with one sentence that tells what to do.
    init(_ reader: SettingsReader, clock: any WallClock = SystemClock(), logs: (any LogSink)? = nil) async throws {
        settings = AppSettings(reader)
        http = HTTPServer.Configuration(reader)
        let embedding = EmbeddingConfiguration(reader)
        let language = ChatModelConfiguration(reader)
        let passageReading = ReaderConfiguration(reader)
        let runtime = OpenVINORuntime.Configuration(reader).directory
        let telemetryConfiguration = Telemetry.Configuration(reader)
        let remoteConfiguration = RemoteClient.Configuration(reader)
        let guardConfiguration = AddressGuard.Configuration(reader)
        let webhookConfiguration = WebhookConfiguration(reader)
        let passwords = PasswordConfiguration(reader)
        let signInLimits = SignInLimits(reader)
        try reader.validate(known: AppSettings.all)

        telemetry = logs.map { Telemetry(telemetryConfiguration, to: $0) } ?? Telemetry(telemetryConfiguration)
        folder = try DataFolder(settings.dataFolder)
        database = try await Self.open(settings, telemetry: telemetry, clock: clock)
        signer = try await ServerKey.signer(database, clock: clock)
        remote = RemoteClient(remoteConfiguration, guardian: AddressGuard(guardConfiguration), telemetry: telemetry)
        events = ParleyJobs.Events(database: database, clock: clock)
        retention = EventRetention(database: database, clock: clock, telemetry: telemetry, retention: settings.eventRetention)
        broadcast = EventBroadcast(events)
        indexedFrom = try await events.end()
        jobs = JobQueue(database: database, clock: clock)
        let model = embedding.embeddingModel(runtime: runtime, client: remote)
        self.model = model
        passageReader = passageReading.reader(runtime: runtime)
        supervisor = settings.quotesOnly ? nil : Self.supervisor(language, runtime: runtime, telemetry: telemetry)
        let chat =
            settings.quotesOnly
            ? ChatModels([]) : language.chatModels(supervisor: supervisor, client: remote, telemetry: telemetry)

        accounts = AccountService(database: database, events: events, clock: clock, passwords: passwords)
        signIn = SignInService(
            database: database, accounts: accounts, events: events, clock: clock,
            configuration: SignInService.Configuration(limits: signInLimits))
        projects = ProjectService(database: database, events: events, clock: clock)
        authorizer = Authorizer(memberships: projects)
        authority = JobAuthority(principals: PrincipalDirectory(database: database, clock: clock), authorizer: authorizer)
        keys = KeyService(database: database, events: events, authorizer: authorizer, clock: clock)
        authenticator = BearerAuthenticator(signIn: signIn, keys: keys)
        operators = OperatorAuthenticator(database: database)

        let blobs = try FolderBlobStore(folder: settings.storage, disk: settings.disk)
        if settings.isStorageShared { try blobs.claim(for: signer.signature("storage", []).map { String($0, radix: 16) }.joined()) }
        blobSweep = BlobSweep(blobs: blobs, database: database, telemetry: telemetry, isShared: settings.isStorageShared)
        purge = DocumentPurge(
            database: database, blobs: blobs, events: events, clock: clock, telemetry: telemetry, keep: settings.keepDeleted)
        documents = DocumentService(
            database: database, blobs: blobs, jobs: jobs, events: events, clock: clock, uploadLimit: http.maximumUpload.bytes,
            admission: UploadAdmission(
                atOnce: settings.uploadsAtOnce, ofOne: settings.uploadsOfOne, backlog: settings.ingestionBacklog, disk: settings.disk,
                waiting: { [jobs] in try await jobs.waiting(["library.ingest", "retrieval.index"]) }),
            quotas: settings.quotas)
        let engines = IndexEngines(lexical: { MemoryLexicalIndex(language: $0) }, vectors: { MemoryVectorStore(dimensions: $0) })
        indexes = ProjectIndexes(database: database, model: model, engines: engines, clock: clock, telemetry: telemetry)
        let indexing = Indexing(database: database, model: model, queue: jobs, events: events, clock: clock, telemetry: telemetry)
        self.indexing = indexing
        reading = DocumentReader(
            ReadingProgram(executable: Program.path), limits: settings.parsing, folder: settings.dataFolder.appending(path: "reading"),
            telemetry: telemetry)
        let ingestion = Ingestion(
            database: database, blobs: blobs, parse: { [reading] in try await reading.read($0, name: $1) },
            chunker: { Chunker(Chunker.Configuration(maximum: model.contentTokenLimit + 2)) { model.tokenCount($0) } },
            events: events, clock: clock, limits: settings.ingestionLimits, quotas: settings.quotas,
            vectorBytes: { [model] in VectorBytes.count(dimensions: (try? await model.identity.dimensions) ?? 0) },
            chunked: { try indexing.follow($0, $1, principal: $2.reference, in: $3) })
        search = SearchService(database: database, model: model, indexes: indexes, telemetry: telemetry)
        let limits = AnswerLimits(settings.answering, quotas: settings.quotas, models: chat)
        let conversations = ConversationService(
            database: database, jobs: jobs, events: events, models: chat, reader: passageReader, clock: clock, limits: limits)
        let answering = Answering(
            conversations: conversations, search: search, models: chat, events: events, telemetry: telemetry)
        let chatSettings = ChatSettingsService(
            database: database, models: chat, events: events, clock: clock, gate: GateService.guardian)
        let evaluation = EvaluationFeature(
            database: database, jobs: jobs, events: events, clock: clock, telemetry: telemetry,
            conversations: conversations, settings: chatSettings, search: search, documents: documents, version: Version.text)

        let door = ForeignDoor(
            conversations: conversations, projects: projects, documents: documents, search: search, embedding: model,
            authorizer: authorizer, publicURL: http.publicURL)

        let installationKey = try InstallationKey.load(settings.installationKey, folder: settings.dataFolder)
        idempotency = IdempotencyRecords(
            database: database, clock: clock, seal: SecretSeal(installation: installationKey, purpose: "idempotency"),
            retention: settings.idempotencyRetention)
        // The only process: whatever is said to be carried out was ended by a crash.
        if database.dialect == .sqlite { try await idempotency.freeAll() }
        let backups = settings.backups(clock: clock, telemetry: telemetry)
        self.backups = backups
        health = HealthRegistry(
            HealthChecks.all(
                database: database, model: model, passageReader: passageReader, chat: chat.standard?.model, supervisor: supervisor,
                remote: remote,
                disk: settings.disk, jobs: jobs, backups: backups))
        let seal = SecretSeal(installation: installationKey, purpose: "webhook secrets")
        let languageModels = LanguageModelService(
            database: database, models: chat, services: ChatServices(client: remote, telemetry: telemetry, configuration: language),
            events: events, seal: SecretSeal(installation: installationKey, purpose: "language models"), clock: clock,
            asksModels: !settings.quotesOnly)
        try await languageModels.refresh()
        modelFollower = ModelFollower(models: languageModels, events: events, after: indexedFrom, telemetry: telemetry)
        let webhooks = WebhookService(database: database, events: events, guardian: remote.guardian, seal: seal, clock: clock)
        let deliveries = DeliveryService(
            database: database, jobs: jobs, events: events, webhooks: webhooks, remote: remote, seal: seal,
            clock: clock, configuration: webhookConfiguration)
        webhookFollower = WebhookFollower(
            database: database, events: events, deliveries: deliveries, after: indexedFrom, configuration: webhookConfiguration,
            clock: clock, telemetry: telemetry)
        bulk = BulkJobs(
            database: database, jobs: jobs, clock: clock, seal: SecretSeal(installation: installationKey, purpose: "bulk operations"))
        let single = [
            Feature(
                "accounts",
                endpoints: SignInEndpoints(service: signIn, accounts: accounts).endpoints + PasswordEndpoints(service: accounts).endpoints
                    + UserEndpoints(service: accounts).endpoints
                    + ProjectEndpoints(service: projects).endpoints + KeyEndpoints(service: keys).endpoints
                    + QuotaEndpoints(service: QuotaService(database: database, events: events, clock: clock)).endpoints
                    + InvitationEndpoints(service: InvitationService(database: database, events: events, clock: clock)).endpoints),
            Feature(
                "library", endpoints: DocumentEndpoints(service: documents, links: DownloadLinks(signer: signer, clock: clock)).endpoints,
                jobs: [ingestion.handler]),
            Feature("retrieval", endpoints: SearchEndpoints(service: search).endpoints, jobs: [indexing.handler]),
            Feature(
                "conversations",
                endpoints: ThreadEndpoints(service: conversations).endpoints
                    + ExchangeEndpoints(ThreadExchange(conversations)).endpoints + ExplainEndpoints(service: conversations).endpoints
                    + BranchEndpoints(service: conversations).endpoints + ChatSettingsEndpoints(service: chatSettings).endpoints
                    + LanguageModelEndpoints(service: languageModels).endpoints
                    + UsageEndpoints(
                        service: UsageService(database: database, limits: limits, quotas: settings.quotas, clock: clock)
                    ).endpoints + OpenAIEndpoints(door: door).endpoints
                    + MCPEndpoints(
                        door: door, version: Version.text, broadcast: broadcast,
                        authenticator: authenticator, clock: clock
                    ).endpoints,
                jobs: [answering.handler]),
            Feature("evaluation", endpoints: evaluation.endpoints, jobs: evaluation.jobs),
            Feature(
                "notifications", endpoints: WebhookEndpoints(service: webhooks, deliveries: deliveries).endpoints, jobs: deliveries.handlers
            ),
            Feature(
                "operations",
                endpoints: OperationsEndpoints(
                    health: health, telemetry: telemetry,
                    access: MonitoringAccess(reader, authenticator: authenticator, authorizer: authorizer)
                ).endpoints
                    + [VersionHistory.published.endpoint(tag: .operations)]),
        ]
        let runner = BulkRunner(
            single.flatMap(\.endpoints), transactions: DatabaseTransactions(database: database), authorizer: authorizer,
            telemetry: telemetry)
        features =
            single + [
                Feature(
                    "contract", endpoints: runner.endpoints(queue: bulk) + BulkJobEndpoints(jobs: bulk).endpoints,
                    jobs: [bulk.handler(runner)])
            ]
    }

    /// Every migration of the product.
    static let migrations =
        JobsSchema.migrations + ServerKey.migrations + AccountsSchema.migrations + LibrarySchema.migrations + RetrievalSchema.migrations
        + ConversationsSchema.migrations + EvaluationSchema.migrations + NotificationsSchema.migrations + ContractSchema.migrations

    var endpoints: [Endpoint] { features.flatMap(\.endpoints) }

    /// Everything that runs, in the order of dependence; it stops in reverse.
    /// - Parameter onListening: gets the port that was bound.
    func services(onListening: @escaping @Sendable (Int) async -> Void) throws -> [any Service] {
        let server = try HTTPServer.application(
            endpoints: endpoints, files: [ConsoleFiles()], errorCodes: ErrorCatalogue.all,
            authenticator: authenticator,
            authorizer: authorizer, telemetry: telemetry, configuration: http, version: Version.text, idempotency: idempotency,
            signer: signer,
            onListening: onListening)
        let processor = JobProcessor(
            queue: jobs, handlers: features.flatMap(\.jobs), authority: authority, telemetry: telemetry,
            isAlone: database.dialect == .sqlite)
        let follower = IndexFollower(indexes: indexes, events: events, after: indexedFrom, telemetry: telemetry)
        let kept: [any Service] = (supervisor.map { [$0] } ?? []) + (backups.map { [$0] } ?? [])
        return kept + [
            reading, blobSweep, purge, MemoryReturn(), broadcast, follower, modelFollower, webhookFollower, processor,
            StartUp(parley: self), ContractSweep(idempotency: idempotency, bulk: bulk, telemetry: telemetry), retention, server,
        ]
    }

    /// Closes what `init` opened, after the services have ended.
    func close() async {
        await model.close()
        await passageReader?.close()
        await remote.close()
        await database.close()
        folder.release()
    }

    /// This binary once more, as the local model's server; nil when the settings name a remote model, or none.
    private static func supervisor(_ language: ChatModelConfiguration, runtime: String, telemetry: Telemetry) -> ModelSupervisor? {
        guard let server = language.server(runtime: runtime) else { return nil }
        return language.supervisor(
            executable: Program.path,
            arguments: [
                "model", "--port", "0", "--exit-with-stdin", "--model", server.folder, "--runtime", runtime,
                "--context-window", "\(language.contextWindow)", "--threads", "\(language.threads)", "--waiting",
                "\(language.waitingLimit)",
            ] + (server.options.cacheFolder.map { ["--cache", $0] } ?? []),
            runtime: runtime, logger: telemetry.logger("model"))
    }

    private static func open(_ settings: AppSettings, telemetry: Telemetry, clock: any WallClock) async throws -> Database {
        let configuration = Database.Configuration(url: settings.databaseURL, connections: settings.connections)
        let database = try await Database.open(configuration, logger: telemetry.logger("database"))
        try await Migrator(database, migrations: migrations, clock: clock).migrate()
        return database
    }
}

/// What one feature brings to the product.
struct Feature: Sendable {
    let name: String
    let endpoints: [Endpoint]
    let jobs: [JobHandler]

    init(_ name: String, endpoints: [Endpoint], jobs: [JobHandler] = []) {
        (self.name, self.endpoints, self.jobs) = (name, endpoints, jobs)
    }
}

/// Bearer tokens are access tokens of sessions, or API keys, which their first letters tell apart.
private struct BearerAuthenticator: RequestAuthenticator {
    let signIn: SignInService
    let keys: KeyService

    func authenticate(_ bearer: String) async throws -> Principal? {
        bearer.hasPrefix(KeyService.prefix) ? try await keys.principal(secret: bearer) : try await signIn.principal(accessToken: bearer)
    }
}
