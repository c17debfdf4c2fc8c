import Foundation
import ParleyCore

/// What a command shows: results on standard output, progress and complaints on standard error. Nothing in them can steer the terminal.
enum Terminal {
    static let isInteractive = isatty(STDERR_FILENO) == 1

    static func print(_ line: String) { write(line + "\n") }

    static func write(_ text: String) { FileHandle.standardOutput.write(Data(ShownText.text(text).utf8)) }

    static func tell(_ line: String) { FileHandle.standardError.write(Data(ShownText.text(line + "\n").utf8)) }

    /// A bar that is drawn over itself; one line for each tenth where nobody watches.
    struct Progress {
        let title: String
        private var shown = -1

        init(_ title: String) { self.title = title }

        mutating func show(_ done: Int, of total: Int) {
            let share = total == 0 ? 1 : Double(done) / Double(total)
            let step = Int(rounding: (share * (isInteractive ? 40 : 10)).rounded(.down))
            guard step != shown || done == total else { return }
            shown = step
            guard isInteractive else { return tell("\(title) \(done)/\(total)") }
            let bar = String(repeating: "█", count: max(0, step)) + String(repeating: "░", count: max(0, 40 - step))
            FileHandle.standardError.write(Data("\r\(title) \(bar) \(done)/\(total)\(done == total ? "\n" : "")".utf8))
        }
    }
}
