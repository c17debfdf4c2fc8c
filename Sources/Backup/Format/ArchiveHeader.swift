import Foundation

/// One header block of a tar archive in the format "pax" (IEEE Std 1003.1-2017, pax), as far as back-ups need it.
struct ArchiveHeader: Equatable {
    static let size = 512
    /// The largest size that fits into the header itself: eleven octal digits.
    static let largest = 1 << 33 - 1

    enum Kind: UInt8 {
        case file = 0x30
        /// Records for the entry that follows.
        case extended = 0x78
    }

    let kind: Kind
    let name: String
    let length: Int
    /// Seconds since 1970.
    let modified: Int

    init(_ kind: Kind = .file, name: String, length: Int, modified: Int) {
        (self.kind, self.name, self.length, self.modified) = (kind, name, length, modified)
    }

    /// Name, mode, owner, group, length, time, checksum, type, link, magic and version: where each begins.
    private enum Place {
        static let name = 0..<100
        static let mode = 100..<108
        static let owner = 108..<116
        static let group = 116..<124
        static let length = 124..<136
        static let time = 136..<148
        static let checksum = 148..<156
        static let kind = 156
        static let magic = 257..<265
    }

    private static let magic = Array("ustar".utf8) + [0] + Array("00".utf8)

    var bytes: [UInt8] {
        var block = [UInt8](repeating: 0, count: Self.size)
        func put(_ text: [UInt8], _ place: Range<Int>) { block.replaceSubrange(place.prefix(text.count), with: text) }
        put(Array(name.utf8.prefix(Place.name.count)), Place.name)
        put(Self.octal(0o600, 7), Place.mode)
        put(Self.octal(0, 7), Place.owner)
        put(Self.octal(0, 7), Place.group)
        put(Self.octal(length <= Self.largest ? length : 0, 11), Place.length)
        put(Self.octal(modified, 11), Place.time)
        block[Place.kind] = kind.rawValue
        put(Self.magic, Place.magic)
        put(Self.octal(Self.sum(block), 6) + [0, 0x20], Place.checksum)
        return block
    }

    /// Nil when the block is not such a header of a plain file or of records.
    init?(_ block: [UInt8]) {
        guard block.count == Self.size, let kind = Kind(rawValue: block[Place.kind]), Array(block[Place.magic]) == Self.magic,
            Self.number(block[Place.checksum]) == Self.sum(block), let length = Self.number(block[Place.length]),
            let modified = Self.number(block[Place.time])
        else { return nil }
        let name = block[Place.name].prefix { $0 != 0 }
        guard !name.isEmpty, name.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        self.init(kind, name: String(decoding: name, as: UTF8.self), length: length, modified: modified)
        // Whatever else stands in the block, such as a link or a longer name, is nothing that back-ups have.
        guard bytes == block else { return nil }
    }

    /// The sum of all bytes, with spaces in place of the sum itself.
    private static func sum(_ block: [UInt8]) -> Int {
        let spaces = Place.checksum.count * 0x20
        return block.reduce(0) { $0 + Int($1) } - block[Place.checksum].reduce(0) { $0 + Int($1) } + spaces
    }

    private static func octal(_ number: Int, _ digits: Int) -> [UInt8] {
        let text = String(max(0, number), radix: 8)
        return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8.suffix(digits))  // fits: 6 to 11
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        Int(String(decoding: bytes.prefix { $0 != 0 && $0 != 0x20 }, as: UTF8.self), radix: 8).flatMap { $0 >= 0 ? $0 : nil }
    }
}

/// The record that tells a length too large for the header: `23 size=12345678901234` and a line feed, which the first number counts.
enum LengthRecord {
    static let key = " size="
    /// No entry is longer: a petabyte.
    private static let limit = 1 << 50

    static func text(_ length: Int) -> String {
        let rest = LengthRecord.key + String(length) + "\n"
        var count = rest.utf8.count + 1
        while String(count).utf8.count + rest.utf8.count != count { count += 1 }
        return String(count) + rest
    }

    /// Nil when it is not just this record.
    static func length(_ bytes: [UInt8]) -> Int? {
        let all = String(decoding: bytes, as: UTF8.self)
        guard let start = all.range(of: key), let length = Int(all[start.upperBound...].dropLast()), (1...limit).contains(length),
            text(length) == all
        else {
            return nil
        }
        return length
    }
}
