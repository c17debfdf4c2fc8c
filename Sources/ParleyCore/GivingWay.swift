import Glibc

/// Makes threads and processes leave the processor to whoever waits for an answer.
public enum GivingWay {
    /// They get a tenth of a processor that something else wants.
    private static let nice: CInt = 10

    /// Makes the calling thread give way, and those that it starts from then on. Where it cannot be changed it stays.
    public static func begin() { begin(0) }

    /// Makes the first thread of a process give way, and the threads and processes that it starts from then on.
    public static func begin(_ process: Int32) {
        // On Linux the nice value belongs to the thread; 0 is the calling one.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(truncatingIfNeeded: process), nice)
    }
}
