import Foundation

/// How many files and connections the process may have open.
public enum OpenFiles {
    /// The limit in force; nil when it cannot be told.
    static var limit: Int? { limits.map { Int(clamping: $0.rlim_cur) } }

    /// Takes all that the process may have: the shell's and systemd's 1024 are meant for programs that use `select`.
    public static func raiseLimit() {
        guard var limits, limits.rlim_cur < limits.rlim_max else { return }
        limits.rlim_cur = limits.rlim_max
        _ = setrlimit(resource, &limits)
    }

    private static var limits: rlimit? {
        var limits = rlimit()
        return getrlimit(resource, &limits) == 0 ? limits : nil
    }

    private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
}
