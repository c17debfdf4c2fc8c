public import Foundation
import ParleyCore

/// Archives of documents (ZIP, tar, gzip): each member is read as a document of its own below a heading with its name. What comes out is
/// bounded in bytes, members and depth, and its names lead nowhere, since nothing is unpacked to disk under them.
public struct ArchiveParser: DocumentParser {
    public let mediaTypes: Set<String> = [DetectedType.zip, DetectedType.tar, DetectedType.gzip]

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        switch type.mediaType {
        case DetectedType.zip: return try await zip(file, limits)
        case DetectedType.gzip:
            let packed = try FileBytes.all(file, limit: limits.textBytes)
            let bytes = try await onWorkerThread { try Inflater.inflate(packed, limit: limits.inflatedBytes, isGzip: true) }
            if TarArchive.matches(bytes.prefix(512)) { return try await tar(bytes, limits) }
            return try await single(bytes, type.name, limits)
        default: return try await tar(try FileBytes.all(file, limit: limits.inflatedBytes), limits)
        }
    }

    private func zip(_ file: URL, _ limits: ParsingLimits) async throws -> ParsedDocument {
        let archive = try await onWorkerThread { try ZipArchive(file) }
        var (builder, members, room) = (ParsedDocumentBuilder(limits), MemberReader(limits), limits.inflatedBytes)
        for name in archive.names.filter({ Self.isDocument($0) }).sorted(by: Self.inOrder) {
            guard Self.isSafe(name, &members) else { continue }
            do {
                let most = room
                guard let bytes = try await onWorkerThread({ try archive.read(name, limit: most) }) else { continue }
                room -= bytes.count
                try await members.append(name, bytes, level: 1, to: &builder)
            } catch let error as ParleyError {
                members.note("\(MemberReader.shown(name)) was not read: \(error.message)")
            }
        }
        return try finish(&builder, members)
    }

    private func tar(_ bytes: [UInt8], _ limits: ParsingLimits) async throws -> ParsedDocument {
        let archive = try await onWorkerThread { TarArchive(bytes) }
        var (builder, members) = (ParsedDocumentBuilder(limits), MemberReader(limits))
        for member in archive.members.filter({ Self.isDocument($0.name) }).sorted(by: { Self.inOrder($0.name, $1.name) }) {
            guard Self.isSafe(member.name, &members) else { continue }
            try await members.append(member.name, Array(member.bytes), level: 1, to: &builder)
        }
        if archive.others > 0 { members.note("Links and devices in the archive were left out: \(archive.others).") }
        if archive.isCut { members.note("The archive is damaged or was cut short; members may be missing.") }
        return try finish(&builder, members)
    }

    /// A file that is packed alone.
    private func single(_ bytes: [UInt8], _ name: String?, _ limits: ParsingLimits) async throws -> ParsedDocument {
        var (builder, members) = (ParsedDocumentBuilder(limits), MemberReader(limits))
        let name = name ?? ""
        try await members.append(name.lowercased().hasSuffix(".gz") ? String(name.dropLast(3)) : name, bytes, level: 1, to: &builder)
        return try finish(&builder, members)
    }

    private func finish(_ builder: inout ParsedDocumentBuilder, _ members: MemberReader) throws -> ParsedDocument {
        guard !builder.isEmpty else {
            let why = members.warnings.prefix(3).joined(separator: " ")
            throw ParleyError(.documentNoText, "The archive holds no document that can be read. \(why)")
        }
        builder.warnings += members.warnings
        return try builder.build()
    }

    /// False for folders and what systems put into archives for themselves.
    private static func isDocument(_ name: String) -> Bool {
        let parts = name.split(separator: "/")
        guard let last = parts.last, !name.hasSuffix("/") else { return false }
        return parts.first != "__MACOSX" && !last.hasPrefix("._") && ![".DS_Store", "Thumbs.db", "desktop.ini"].contains(last)
    }

    /// False for a name that would lead out of the archive, which is told.
    private static func isSafe(_ name: String, _ members: inout MemberReader) -> Bool {
        let isSafe = !name.hasPrefix("/") && !name.split(separator: "/").contains("..") && !name.contains("\0")
        if !isSafe { members.note("\(MemberReader.shown(name)) was not read: its name leads out of the archive.") }
        return isSafe
    }

    /// By folders and names, numbers by their value.
    private static func inOrder(_ first: String, _ second: String) -> Bool {
        let order = first.compare(second, options: [.numeric, .caseInsensitive])
        return order == .orderedSame ? first < second : order == .orderedAscending
    }
}
