import Accounts
import Library
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP

/// One quota and how much of it is used.
public struct QuotaUse: Hashable, Sendable {
    /// Nil when there is none.
    public let limit: Int?
    public let used: Int
    /// Set aside for answers that are being made.
    public var reserved = 0
}

/// Where a person or a project stands against its quotas.
public struct UsageLimits: Hashable, Sendable {
    public let storage: QuotaUse
    public let documents: QuotaUse
    public let dailyTokens: QuotaUse
    public let monthlyTokens: QuotaUse

    init(_ storage: StorageStanding, _ tokens: [TokenStanding]) {
        func use(_ period: TokenPeriod) -> QuotaUse {
            let standing = tokens.first { $0.period == period }
            return QuotaUse(limit: standing?.limit, used: standing?.used ?? 0, reserved: standing?.reserved ?? 0)
        }
        self.storage = QuotaUse(limit: storage.quota.storage, used: storage.use.bytes)
        documents = QuotaUse(limit: storage.quota.documents, used: storage.use.documents)
        (dailyTokens, monthlyTokens) = (use(.day), use(.month))
    }

    static let schema: Schema<UsageLimits> = .object(
        "UsageLimits", "How much of what is allowed is used.",
        .field("storage_bytes", \.storage, QuotaUse.schema, "Bytes of documents that are not deleted: files, texts, passages and vectors."),
        .field("documents", \.documents, QuotaUse.schema, "Documents that are not deleted."),
        .field("daily_tokens", \.dailyTokens, QuotaUse.schema, "Tokens of answers in this day (UTC)."),
        .field("monthly_tokens", \.monthlyTokens, QuotaUse.schema, "Tokens of answers in this month (UTC)."),
        example: UsageLimits(StorageStanding(quota: Quota(storage: 1 << 30), use: StorageUse(documents: 12, bytes: 4_800_000)), []))
}

extension QuotaUse {
    static let schema: Schema<QuotaUse> = .object(
        "QuotaUse", "One quota and how much of it is used.",
        .field("limit", \.limit, .optional(.int()), "Null when there is none."),
        .field("used", \.used, .int()),
        .field("reserved", \.reserved, .int(), "Set aside for answers that are being made."),
        example: QuotaUse(limit: 200_000, used: 4100, reserved: 2056))
}
