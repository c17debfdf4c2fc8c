import Foundation
import ParleyCore

/// The names of back-ups that the server makes by itself: `parley-20261130T194500Z.parleybackup`.
struct BackupName: Comparable {
    private static let suffix = ".parleybackup"
    let text: String
    let moment: Timestamp

    /// To the second.
    init(at moment: Timestamp) {
        self.moment = Timestamp(milliseconds: moment.milliseconds / 1000 * 1000)
        text = "parley-" + Self.stamp(moment) + Self.suffix
    }

    /// Nil when it is not such a name.
    init?(_ text: String) {
        guard let parts = text.wholeMatch(of: /parley-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.parleybackup/)?.output,
            let moment = Timestamp(rfc3339: "\(parts.1)-\(parts.2)-\(parts.3)T\(parts.4):\(parts.5):\(parts.6)Z")
        else { return nil }
        (self.text, self.moment) = (text, moment)
    }

    /// The moment as file names have it, such as `20261130T194500Z`.
    static func stamp(_ moment: Timestamp) -> String {
        String(moment.description.prefix(19)).replacing("-", with: "").replacing(":", with: "") + "Z"
    }

    static func < (a: Self, b: Self) -> Bool { a.moment < b.moment }

    /// Those in the folder, the oldest first. A file has such a name only once it is whole and has stood its trial.
    static func all(in folder: URL) -> [BackupName] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).compactMap { BackupName($0) }.sorted()
    }
}
