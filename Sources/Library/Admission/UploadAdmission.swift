public import ParleyCore
import Synchronization

/// Decides whether one more upload is taken: not when too many come in at once, in all or from one person, when too many wait to be
/// read, or when the disk is nearly full.
public final class UploadAdmission: Sendable {
    public static let atOnce = Setting("upload.max_in_flight", default: 128, .range(1...100_000), "Uploads that are received at once.")
    public static let ofOne = Setting<Int?>(
        "upload.max_in_flight_per_person", default: nil, .optional(.range(1...100_000)),
        "Uploads of one person that are received at once; left out, half of all.")
    public static let backlog = Setting(
        "ingestion.max_backlog", default: 100_000, .range(1...100_000_000),
        "Jobs of reading and embedding that may wait; uploads are refused while there are more.")
    public static let settings: [any SettingDeclaration] = [
        atOnce, ofOne, backlog, DiskSpace.minimumFree, DiskSpace.path, DocumentPurge.keepDeleted,
    ]

    private struct Places {
        var taken = 0
        var byPerson: [UserID: Int] = [:]
    }

    private let atOnce: Int
    private let ofOne: Int
    private let backlog: Int
    private let disk: DiskSpace?
    private let waiting: @Sendable () async throws -> Int
    private let places = Mutex(Places())

    /// - Parameters:
    ///   - ofOne: places that one person may take; half of all when nil.
    ///   - waiting: how many jobs of reading and embedding wait.
    public init(
        atOnce: Int = .max, ofOne: Int? = nil, backlog: Int = .max, disk: DiskSpace? = nil,
        waiting: @escaping @Sendable () async throws -> Int = { 0 }
    ) {
        (self.atOnce, self.ofOne, self.backlog) = (atOnce, ofOne ?? max(1, atOnce / 2), backlog)
        (self.disk, self.waiting) = (disk, waiting)
    }

    /// Receives one upload of a person's, who holds a place until it has been received or has failed.
    /// - Throws: `upload.overloaded`, `upload.too_many`, `ingestion.overloaded`, `storage.full`, and what the body throws.
    func admitting<Value: Sendable>(_ person: UserID, _ receive: () async throws -> Value) async throws -> Value {
        try enter(person)
        defer { leave(person) }
        try disk?.check()
        if backlog < .max, try await waiting() >= backlog {
            throw ParleyError(
                .ingestionOverloaded, "Too many documents wait to be read. Send this one again in a while.", retryAfter: .seconds(10))
        }
        return try await receive()
    }

    private func enter(_ person: UserID) throws {
        try places.withLock { places in
            guard places.byPerson[person, default: 0] < ofOne else {
                throw ParleyError(
                    .tooManyUploads,
                    "You are sending \(ofOne) files at this moment, as many as one person may. Send this one when one of them has arrived.",
                    retryAfter: .seconds(2), limit: ReachedLimit(ofOne, used: ofOne))
            }
            guard places.taken < atOnce else {
                throw ParleyError(
                    .uploadOverloaded, "Too many files are being received at this moment. Send this one again in a moment.",
                    retryAfter: .seconds(2))
            }
            places.taken += 1
            places.byPerson[person, default: 0] += 1
        }
    }

    private func leave(_ person: UserID) {
        places.withLock { places in
            places.taken -= 1
            let left = places.byPerson[person, default: 1] - 1
            places.byPerson[person] = left > 0 ? left : nil
        }
    }
}

extension ErrorCode {
    public static let uploadOverloaded = Self("upload.overloaded", .unavailable, "Too many files are being received")
    public static let tooManyUploads = Self("upload.too_many", .tooManyRequests, "You are sending too many files at once")
    public static let ingestionOverloaded = Self("ingestion.overloaded", .unavailable, "Too many documents wait to be read")
}
