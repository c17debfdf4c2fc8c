import Foundation
import ParleyCore

/// Dates as documents write them of themselves.
enum DocumentDate {
    /// RFC 3339, `2024-05-01`, or `2024-05-01T10:00:00+02` as `pdfinfo` writes it; nil for anything else.
    static func read(_ text: String) -> Timestamp? {
        if let moment = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + ":00") { return moment }
        return text.utf8.count == 10 ? Timestamp(rfc3339: text + "T00:00:00Z") : nil
    }
}
