import Foundation
import ParleyCore

/// Reads members of a ZIP file (APPNOTE 6.3.10, stored and deflated, up to 4 GB), each with a limit on what may come out.
/// Nothing is ever written to disk, so names in the archive lead nowhere.
struct ZipArchive {
    private struct Member {
        let method: UInt16
        let isEncrypted: Bool
        let packed: Int
        let offset: Int
    }

    private let data: Data
    private let members: [String: Member]

    /// - Throws: `document.damaged` when the directory at the end is missing or wrong.
    init(_ file: URL) throws {
        data = try Data(contentsOf: file, options: .mappedIfSafe)
        members = try Self.directory(data)
    }

    var names: some Sequence<String> { members.keys }

    func contains(_ name: String) -> Bool { members[name] != nil }

    /// The member's bytes; nil when there is no such member.
    /// - Throws: `document.too_complex` past `limit` bytes, `document.encrypted`, `document.damaged`.
    func read(_ name: String, limit: Int) throws -> [UInt8]? {
        guard let member = members[name] else { return nil }
        guard !member.isEncrypted else {
            throw ParleyError(.documentEncrypted, "The document is protected by a password. Remove the protection and upload it again.")
        }
        // The local header repeats the name and may have an extra field of another length than the directory's.
        guard data.uint32(member.offset) == 0x0403_4B50, let nameLength = data.uint16(member.offset + 26),
            let extraLength = data.uint16(member.offset + 28)
        else { throw Self.damaged }
        let start = member.offset + 30 + Int(nameLength) + Int(extraLength)
        guard start + member.packed <= data.count else { throw Self.damaged }
        // Deflate never needs more than this for `limit` bytes, so what is longer is too large, and is not copied.
        guard member.packed <= limit + limit / 1000 + 1024 else { throw Inflater.tooLarge(limit) }
        let packed = [UInt8](data[data.startIndex + start..<data.startIndex + start + member.packed])
        switch member.method {
        case 0:
            guard packed.count <= limit else { throw Inflater.tooLarge(limit) }
            return packed
        case 8: return try Inflater.inflate(packed, limit: limit)
        default:
            throw ParleyError(
                .documentUnsupported, "The document is compressed in a way that cannot be read. Save it again and upload that.")
        }
    }

    static var damaged: ParleyError {
        ParleyError(
            .documentDamaged, "The file is damaged or was cut short: its archive cannot be opened. Upload it again from the source.")
    }

    /// At most this many members are listed, with this many bytes of names together.
    private static let maximumMembers = 65_535
    private static let maximumNames = 8 << 20

    private static func directory(_ data: Data) throws -> [String: Member] {
        guard let end = endRecord(data), let count = data.uint16(end + 10), let start = data.uint32(end + 16) else { throw damaged }
        var members: [String: Member] = [:]
        var position = Int(start)
        var names = 0
        for _ in 0..<min(Int(count), maximumMembers) {
            guard data.uint32(position) == 0x0201_4B50, let flags = data.uint16(position + 8), let method = data.uint16(position + 10),
                let packed = data.uint32(position + 20), let nameLength = data.uint16(position + 28),
                let extra = data.uint16(position + 30), let comment = data.uint16(position + 32), let offset = data.uint32(position + 42),
                position + 46 + Int(nameLength) <= data.count
            else { throw damaged }
            names += Int(nameLength)
            guard names <= maximumNames else { throw damaged }
            let bytes = data[data.startIndex + position + 46..<data.startIndex + position + 46 + Int(nameLength)]
            let name = String(decoding: bytes, as: UTF8.self).replacing("\\", with: "/")
            members[name] = Member(method: method, isEncrypted: flags & 1 == 1, packed: Int(packed), offset: Int(offset))
            position += 46 + Int(nameLength) + Int(extra) + Int(comment)
        }
        return members
    }

    /// The end record stands in the last 64 KB, before a comment.
    private static func endRecord(_ data: Data) -> Int? {
        guard data.count >= 22 else { return nil }
        let lowest = max(0, data.count - 22 - 65_535)
        return stride(from: data.count - 22, through: lowest, by: -1).first { data.uint32($0) == 0x0605_4B50 }
    }
}

extension Data {
    /// Little-endian at an offset from the start; nil past the end.
    fileprivate func uint16(_ offset: Int) -> UInt16? {
        guard offset >= 0, offset + 2 <= count else { return nil }
        return UInt16(self[startIndex + offset]) | UInt16(self[startIndex + offset + 1]) << 8
    }

    fileprivate func uint32(_ offset: Int) -> UInt32? {
        guard let low = uint16(offset), let high = uint16(offset + 2) else { return nil }
        return UInt32(low) | UInt32(high) << 16
    }
}
