import ParleyCore
import ParleyDatabase

/// Why a job was given up.
public enum GiveUpCause: String, Sendable {
    /// It failed too often, or of something that another attempt would not mend.
    case failed
    /// Its process died three times while nothing else ran there.
    case endedProcess = "ended_process"
}

/// How an attempt ended.
enum JobEnd: Sendable {
    case done, cancelled
    case dead(GiveUpCause, String)
    /// To be tried again after the pause.
    case retry(Duration, String)
    /// Its process died.
    case orphaned
    /// Nobody knows, though its process lives: the database could not be written. To be tried again after the pause, and not held
    /// against it.
    case unrecorded(Duration)
    /// Put back as if it had not been tried.
    case released

    var name: String {
        switch self {
        case .done: "done"
        case .cancelled: "cancelled"
        case .dead: "dead"
        case .retry: "retry"
        case .orphaned: "orphaned"
        case .unrecorded: "unrecorded"
        case .released: "released"
        }
    }

    func changes(at now: Timestamp) -> SQL {
        switch self {
        case .done: "state = 'done', finished_at = \(now), progress = 1, error = NULL"
        case .cancelled: "state = 'cancelled', finished_at = \(now)"
        case .dead(.failed, let error): "state = 'dead', finished_at = \(now), error = \(error), failures = failures + 1"
        case .dead(.endedProcess, let error): "state = 'dead', finished_at = \(now), error = \(error), deaths = deaths + 1"
        case .retry(let pause, let error): "state = 'queued', run_at = \(now + pause), error = \(error), failures = failures + 1"
        case .orphaned: "state = 'queued', run_at = \(now), error = \(Suspicion.died), deaths = deaths + 1"
        case .unrecorded(let pause): "state = 'queued', run_at = \(now + pause), error = \(Suspicion.unrecorded)"
        case .released: "state = 'queued', attempts = attempts - 1"
        }
    }
}
