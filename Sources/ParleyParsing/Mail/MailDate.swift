import Foundation
import ParleyCore

/// Dates of messages (RFC 5322): `Wed, 16 Jul 2008 09:24:06 +0300`.
enum MailDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private static let zones = [
        "ut": "+0000", "gmt": "+0000", "utc": "+0000", "z": "+0000", "est": "-0500", "edt": "-0400", "cst": "-0600",
        "cdt": "-0500", "mst": "-0700", "mdt": "-0600", "pst": "-0800", "pdt": "-0700",
    ]

    static func read(_ text: String) -> Timestamp? {
        var words = text.lowercased().split { $0 == " " || $0 == "," }.map(String.init)[...]
        if let first = words.first, first.first?.isLetter == true { words = words.dropFirst() }
        guard words.count >= 4, let day = Int(words[words.startIndex]), (1...31).contains(day),
            let month = months.firstIndex(of: String(words[words.startIndex + 1].prefix(3))), let year = year(words[words.startIndex + 2])
        else { return nil }
        let clock = words[words.startIndex + 3].split(separator: ":").map(String.init)
        guard clock.count >= 2, let hour = Int(clock[0]), let minute = Int(clock[1]), (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        let second = clock.count > 2 ? Int(clock[2]).flatMap { (0..<60).contains($0) ? $0 : nil } ?? 0 : 0
        let named = words.count > 4 ? words[words.startIndex + 4] : "+0000"
        let zone = zones[named] ?? named
        guard zone.utf8.count == 5, zone.first == "+" || zone.first == "-", zone.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber })
        else {
            return nil
        }
        let date = "\(year)-\(two(month + 1))-\(two(day))"
        return Timestamp(rfc3339: "\(date)T\(two(hour)):\(two(minute)):\(two(second))\(zone.prefix(3)):\(zone.suffix(2))")
    }

    /// Two digits count from 1950 (RFC 5322, 4.3).
    private static func year(_ word: String) -> Int? {
        guard let number = Int(word), (0...9999).contains(number) else { return nil }
        let year = number < 50 ? number + 2000 : number < 1000 ? number + 1900 : number
        return (1000...9999).contains(year) ? year : nil
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
