import ParleyCore
import Synchronization

/// The jobs that run in this process.
final class Active: Sendable {
    private struct Entry {
        let type: String
        let task: Task<Void, Never>
    }

    private let entries = Mutex<[JobID: Entry]>([:])
    private let removed = Signal()

    var ids: [JobID] { entries.withLock { Array($0.keys) } }

    func count(of type: String) -> Int { entries.withLock { $0.values.count { $0.type == type } } }

    /// Runs the work, which is active until it ends.
    /// - Returns: the work's task, to stop it.
    func start(_ id: JobID, _ type: String, _ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        entries.withLock { entries in
            let task = Task {
                await work()
                self.entries.withLock { $0[id] = nil }
                removed.raise()
            }
            entries[id] = Entry(type: type, task: task)
            return task
        }
    }

    func cancelAll() { for entry in entries.withLock({ Array($0.values) }) { entry.task.cancel() } }

    /// Waits until nothing runs, at most this long.
    func empty(within limit: Duration) async {
        let changes = removed.stream()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                if self.ids.isEmpty { return }
                for await _ in changes where self.ids.isEmpty { return }
            }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
