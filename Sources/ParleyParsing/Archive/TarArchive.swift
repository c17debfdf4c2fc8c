import ParleyCore

/// Members of a tar file (POSIX ustar and pax, GNU's long names), in their order. Nothing is written to disk.
struct TarArchive {
    struct Member {
        let name: String
        let bytes: ArraySlice<UInt8>
    }

    private(set) var members: [Member] = []
    /// Links and devices, which hold nothing.
    private(set) var others = 0
    private(set) var isCut = false

    private static let block = 512
    private static let (most, longestName) = (100_000, 4096)

    static func matches(_ head: some Collection<UInt8>) -> Bool { head.dropFirst(257).starts(with: Array("ustar".utf8)) }

    init(_ bytes: [UInt8]) {
        var place = 0
        var longName: String?
        while place <= bytes.count - Self.block, members.count < Self.most {
            let head = bytes[place..<place + Self.block]
            guard head.contains(where: { $0 != 0 }) else { return }
            guard let size = Self.number(head.dropFirst(124).prefix(12)), Self.isRight(head) else {
                isCut = true
                return
            }
            let start = place + Self.block
            let end = start.addingClamped(size)
            if end > bytes.count { isCut = true }
            let body = bytes[start..<min(end, bytes.count)]
            switch head[head.startIndex + 156] {
            case UInt8(ascii: "L"): longName = Self.text(body.prefix(Self.longestName))
            case UInt8(ascii: "x"): longName = Self.paxName(body) ?? longName
            case UInt8(ascii: "g"), UInt8(ascii: "K"): break
            case UInt8(ascii: "0"), 0, UInt8(ascii: "7"):
                members.append(Member(name: longName ?? Self.name(head), bytes: body))
                longName = nil
            case UInt8(ascii: "5"): longName = nil
            default:
                others += 1
                longName = nil
            }
            place = end.addingClamped(Self.block - 1) / Self.block * Self.block
        }
        if place > bytes.count { isCut = true }
    }

    /// Whether the sum of its bytes is what it says.
    private static func isRight(_ head: ArraySlice<UInt8>) -> Bool {
        let sum = head.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 0x20 : Int($1.element)) }
        return number(head.dropFirst(148).prefix(8)) == sum
    }

    /// Octal digits, or bytes behind a mark for what has too many.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if field.first == 0x80 {
            let bytes = field.dropFirst().drop { $0 == 0 }
            return bytes.count <= 6 ? bytes.reduce(0) { $0 << 8 | Int($1) } : nil
        }
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        guard digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
    }

    private static func name(_ head: ArraySlice<UInt8>) -> String {
        let (name, folder) = (text(head.prefix(100)), text(head.dropFirst(345).prefix(155)))
        return folder.isEmpty || !matches(head) ? name : folder + "/" + name
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String { TextDecoder.decode(Array(field.prefix { $0 != 0 })).text }

    /// `30 path=a/b.txt` in a list of such records.
    private static func paxName(_ body: ArraySlice<UInt8>) -> String? {
        for record in body.prefix(1 << 16).split(separator: 0x0A) {
            guard let blank = record.firstIndex(of: 0x20) else { continue }
            let field = record[(blank + 1)...]
            if field.starts(with: Array("path=".utf8)) { return text(field.dropFirst(5).prefix(longestName)) }
        }
        return nil
    }
}
