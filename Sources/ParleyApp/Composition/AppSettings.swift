import Accounts
import Backup
import Conversations
import Foundation
import Library
import Notifications
import ParleyCore
import ParleyHTTP
import ParleyInference
import ParleyJobs
import ParleyParsing
import ParleyRemote
import ParleyTelemetry

/// Where the installation lies and how it answers: the settings that belong to no single component.
struct AppSettings: Sendable {
    static let dataPath = Setting("data.path", default: LocalPath("./data"), "Folder that holds the database, the files and the lock.")
    static let databaseURL = Setting<Secret?>(
        "database.url", default: nil,
        "`sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`; left out, `parley.sqlite` in the data folder.")
    static let connections = Setting(
        "database.connections", default: 4, .range(1...64), "Connections that read (SQLite), or all connections (PostgreSQL).")
    static let installationKey = Setting<Secret?>(
        "secrets.key", default: nil, .optional(.strong(minimum: 32)),
        "Encrypts secrets in the database; left out, a key is made and kept as `installation.key` in the data folder.")
    static let samplePath = Setting<LocalPath?>(
        "sample.path", default: nil, "Folder whose documents fill a sample project as soon as there is an administrator.")
    static let passages = Setting("answer.passages", default: 6, .range(1...50), "Passages retrieved for a question.")
    static let answerTokens = Setting("answer.max_tokens", default: 256, .range(16...8192), "Tokens an answer may have.")
    static let promptTokens = Setting("answer.prompt_tokens", default: 1100, .range(256...1_000_000), "Tokens a prompt may have.")

    static let repetitionPenalty = Setting(
        "answer.repetition_penalty", default: 1.1, .range(1...2),
        "How much less likely the local model is to say a word again; 1 for not at all.")
    static let quotesOnly = Setting(
        "answer.quotes_only", default: false, "Answer by quoting the documents, even where a language model is configured.")

    static let idempotencyRetention = Setting(
        "http.idempotency_retention", default: Duration.seconds(86_400), .range(.seconds(60) ... .seconds(30 * 86_400)),
        "How long the answer to a request with an Idempotency-Key is kept.")

    static let abstains = Setting(
        "answer.abstain", default: true,
        "Answer that the documents do not hold the answer where the calibrated scores of the search say so.")

    private static let own: [any SettingDeclaration] = [
        dataPath, databaseURL, connections, installationKey, samplePath, passages, answerTokens, promptTokens,
        repetitionPenalty, quotesOnly, idempotencyRetention, abstains,
    ]

    /// Every setting of the product.
    static let all: [any SettingDeclaration] =
        own + ChatModelConfiguration.settings + HTTPServer.Configuration.settings + EmbeddingConfiguration.settings
        + ReaderConfiguration.settings + OpenVINORuntime.Configuration.settings + RemoteClient.Configuration.settings
        + AddressGuard.Configuration.settings
        + WebhookConfiguration.settings + Telemetry.Configuration.settings + Quotas.settings + UploadAdmission.settings
        + IngestionLimits.settings + AnswerLimits.settings + ParsingLimits.settings + MonitoringAccess.settings
        + BackupConfiguration.settings + PasswordConfiguration.settings + SignInLimits.settings + [EventRetention.keep]

    let dataFolder: URL
    let databaseURL: String
    let connections: Int
    let installationKey: Secret?
    let sampleFolder: URL?
    let passages: Int
    let answerTokens: Int
    let promptTokens: Int
    let repetitionPenalty: Double
    let quotesOnly: Bool
    let idempotencyRetention: Duration
    let abstains: Bool
    let runningAnswers: Int
    let waitingQuestions: Int
    let uploadsAtOnce: Int
    let uploadsOfOne: Int?
    let ingestionBacklog: Int
    let ingestionLimits: IngestionLimits
    /// Where uploaded files lie.
    let storage: URL
    /// Whether other servers may keep their files there too.
    let isStorageShared: Bool
    let disk: DiskSpace
    let keepDeleted: Duration
    let eventRetention: Duration
    let quotas: Quotas
    let parsing: ParsingLimits
    let backup: BackupConfiguration

    /// How answers are made.
    var answering: Answering.Configuration {
        Answering.Configuration(
            passages: passages, answerTokens: answerTokens, promptTokens: promptTokens, repetitionPenalty: repetitionPenalty,
            abstains: abstains, running: runningAnswers, waiting: waitingQuestions)
    }

    init(_ settings: SettingsReader) {
        dataFolder = URL(filePath: settings[Self.dataPath].absolute, directoryHint: .isDirectory)
        databaseURL = settings[Self.databaseURL]?.revealed ?? "sqlite:" + dataFolder.appending(path: "parley.sqlite").path
        connections = settings[Self.connections]
        installationKey = settings[Self.installationKey]
        sampleFolder = settings[Self.samplePath].map { URL(filePath: $0.installed, directoryHint: .isDirectory) }
        passages = settings[Self.passages]
        answerTokens = settings[Self.answerTokens]
        promptTokens = settings[Self.promptTokens]
        repetitionPenalty = settings[Self.repetitionPenalty]
        quotesOnly = settings[Self.quotesOnly]
        idempotencyRetention = settings[Self.idempotencyRetention]
        abstains = settings[Self.abstains]
        (runningAnswers, waitingQuestions) = (settings[AnswerLimits.running], settings[AnswerLimits.waiting])
        (uploadsAtOnce, uploadsOfOne) = (settings[UploadAdmission.atOnce], settings[UploadAdmission.ofOne])
        ingestionBacklog = settings[UploadAdmission.backlog]
        ingestionLimits = IngestionLimits(settings)
        let shared = settings[DiskSpace.path].map { URL(filePath: $0.absolute, directoryHint: .isDirectory) }
        (storage, isStorageShared) = (shared ?? dataFolder.appending(path: "blobs", directoryHint: .isDirectory), shared != nil)
        disk = DiskSpace(shared ?? dataFolder, least: settings[DiskSpace.minimumFree].bytes)
        keepDeleted = settings[DocumentPurge.keepDeleted]
        eventRetention = settings[EventRetention.keep]
        quotas = Quotas(settings)
        var parsing = ParsingLimits(settings)
        // A text has no more characters than bytes: what would be too long for its document is not even read to the end.
        parsing.textLength = settings[IngestionLimits.maximumText].bytes
        self.parsing = parsing
        backup = BackupConfiguration(settings)
    }
}
