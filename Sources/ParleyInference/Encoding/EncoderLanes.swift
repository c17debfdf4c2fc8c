internal import Foundation

enum EncoderLanes {
    /// How many inferences run at a time.
    /// - Parameter threads: as the setting says; 0 takes the machine's cores, at most 4.
    static func count(_ threads: Int) -> Int { threads > 0 ? threads : min(4, ProcessInfo.processInfo.activeProcessorCount) }
}
