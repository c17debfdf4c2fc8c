import ParleyDatabase

/// When a job is taken for what ends its process. Deaths of its processes are counted from when it last got further than ever before; a
/// job that was running at two runs alone from then on, and three more while it ran alone end it (docs/durability.md).
enum Suspicion {
    /// Deaths after which a job runs alone.
    static let begins = 2
    /// Deaths that end a job.
    static let ends = begins + 3

    // As the partial indexes of the table say it, or they are not used.
    static let none: SQL = "deaths < 2"
    static let some: SQL = "deaths >= 2"

    static let died = "The process that ran the job died."
    static let verdict = "The process that ran the job died five times without getting any further, three of them while nothing else ran."
    static let unrecorded = "How the attempt ended could not be written down."
}
