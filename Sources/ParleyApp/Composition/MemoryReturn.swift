import CMalloc
import ServiceLifecycle

/// Gives freed memory back to the system. What documents and long bodies took for a moment stays with the allocator otherwise, between
/// pieces that live on, and the process seems to grow.
struct MemoryReturn: Service {
    /// Bytes that were freed and not given back.
    private static let worthwhile = 32 << 20
    var interval = Duration.seconds(10)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: interval)) != nil {
                guard mallinfo2().fordblks > Self.worthwhile else { continue }
                malloc_trim(0)
            }
        }
    }
}
