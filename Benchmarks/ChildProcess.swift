import Foundation

/// A program that runs beside the benchmark, its output in a file. Whoever starts it stops it.
final class ChildProcess: Sendable {
    let id: pid_t
    private let log: URL

    init(_ executable: String, _ arguments: [String], log: URL) throws {
        self.log = log
        let output = open(log.path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(output) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        guard posix_spawn(&id, executable, &actions, nil, &words, environ) == 0 else { throw Failure("\(executable) cannot be started.") }
        self.id = id
    }

    /// Ends it in order, and waits until it is gone.
    func stop() {
        kill(id, SIGTERM)
        var status: CInt = 0
        waitpid(id, &status, 0)
    }

    /// What follows this mark in a line of the output; waits for it.
    func output(after mark: String, within limit: Double = 30) throws -> String {
        let start = ContinuousClock.now
        while start.secondsAgo < limit {
            let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            for line in text.split(separator: "\n") {
                if let found = line.range(of: mark) { return String(line[found.upperBound...]) }
            }
            usleep(2000)
        }
        throw Failure("A child did not write “\(mark)”; it wrote: \((try? String(contentsOf: log, encoding: .utf8)) ?? "")")
    }

    /// Resident memory in MB.
    var memory: Double { Self.memory(of: id) }

    static func memory(of id: pid_t) -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1000
    }
}

/// A port that nothing listens on.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) + getsockname(descriptor, $0, &length) }
    }
    guard status == 0 else { throw Failure("No port is free.") }
    return Int(UInt16(bigEndian: address.sin_port))
}
