public import ParleyCore
import Synchronization

/// Decides whether one more upload is taken: not when too many come in at once, when too many wait to be read, or when the disk
/// is nearly full.
public final class UploadAdmission: Sendable {
    public static let atOnce = Setting("upload.max_in_flight", default: 128, .range(1...100_000), "Uploads that are received at once.")
    public static let backlog = Setting(
        "ingestion.max_backlog", default: 100_000, .range(1...100_000_000),
        "Jobs of reading and embedding that may wait; uploads are refused while there are more.")
    public static let settings: [any SettingDeclaration] = [atOnce, backlog, DiskSpace.minimumFree, DiskSpace.path]

    private let atOnce: Int
    private let backlog: Int
    private let disk: DiskSpace?
    private let waiting: @Sendable () async throws -> Int
    private let inFlight = Mutex(0)

    /// - Parameter waiting: how many jobs of reading and embedding wait.
    public init(
        atOnce: Int = .max, backlog: Int = .max, disk: DiskSpace? = nil, waiting: @escaping @Sendable () async throws -> Int = { 0 }
    ) {
        (self.atOnce, self.backlog, self.disk, self.waiting) = (atOnce, backlog, disk, waiting)
    }

    /// Receives one upload.
    /// - Throws: `upload.overloaded`, `ingestion.overloaded`, `storage.full`, and what the body throws.
    func admitting<Value: Sendable>(_ receive: () async throws -> Value) async throws -> Value {
        try enter()
        defer { inFlight.withLock { $0 -= 1 } }
        try disk?.check()
        if backlog < .max, try await waiting() >= backlog {
            throw ParleyError(
                .ingestionOverloaded, "Too many documents wait to be read. Send this one again in a while.", retryAfter: .seconds(10))
        }
        return try await receive()
    }

    private func enter() throws {
        let isFull = inFlight.withLock { count in
            if count < atOnce { count += 1 } else { return true }
            return false
        }
        guard isFull else { return }
        throw ParleyError(
            .uploadOverloaded, "Too many files are being received at this moment. Send this one again in a moment.", retryAfter: .seconds(2)
        )
    }
}

extension ErrorCode {
    public static let uploadOverloaded = Self("upload.overloaded", .unavailable, "Too many files are being received")
    public static let ingestionOverloaded = Self("ingestion.overloaded", .unavailable, "Too many documents wait to be read")
}
