import Foundation
import ParleyCore

/// Writes messages into a document: the subject as a heading, who wrote to whom and when, the text, and what is attached.
struct MailReader {
    private static let deepestPart = 16
    private static let longestHead = 4000
    private static let shownFields = [("From", "from"), ("Sender", "sender"), ("To", "to"), ("Cc", "cc"), ("Date", "date")]

    private let limits: ParsingLimits
    private var builder: ParsedDocumentBuilder
    private var members: MemberReader
    /// Pictures that belong to the look of a message.
    private var pictures = 0
    private var losses: [String: Int] = [:]

    init(_ limits: ParsingLimits) {
        (self.limits, builder, members) = (limits, ParsedDocumentBuilder(limits), MemberReader(limits))
    }

    /// - Parameter isSole: whether the document is this message.
    mutating func take(_ bytes: [UInt8], isSole: Bool) async throws {
        let message = MIMEPart(bytes[...])
        if isSole {
            builder.title = message.header.text("subject")
            builder.metadata.author = message.header.text("from")
            builder.metadata.created = message.header.text("date").flatMap(MailDate.read)
        }
        try await write(message, level: 1, depth: 0)
    }

    mutating func finish() throws -> ParsedDocument {
        builder.warnings += losses.sorted { $0.key < $1.key }.map { $1 > 1 ? "\($0) (\($1) times)" : $0 }
        if pictures > 0 { builder.warnings.append("Pictures within the text of messages were left out: \(pictures).") }
        builder.warnings += members.warnings
        return try builder.build()
    }

    private mutating func write(_ message: MIMEPart, level: Int, depth: Int) async throws {
        let head = Self.shownFields.compactMap { title, name in message.header.text(name).map { "\(title): \(Self.cut($0))" } }
        builder.append(.heading(level: min(level, 6)), message.header.text("subject") ?? (head.isEmpty ? "" : "Message without a subject"))
        builder.append(.paragraph, head.joined(separator: "\n"))
        try await walk(message, level: level, depth: depth)
    }

    private static func cut(_ text: String) -> String {
        text.unicodeScalars.count > longestHead ? String(text.unicodeScalars.prefix(longestHead)) + "…" : text
    }

    private mutating func walk(_ part: MIMEPart, level: Int, depth: Int) async throws {
        guard depth < Self.deepestPart else {
            return members.note("Parts of a message that are nested deeper than \(Self.deepestPart) levels were left out.")
        }
        switch part.type {
        case "multipart/alternative": try await alternatives(part, level, depth)
        case "multipart/related": try await related(part, level, depth)
        case "multipart/signed":
            if let signed = part.parts.first { try await walk(signed, level: level, depth: depth + 1) }
        case "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime":
            members.note("An encrypted part of a message was not read.")
        case "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature": break
        case "message/rfc822", "message/global":
            try await write(MIMEPart(part.bytes[...]), level: level + 1, depth: depth + 1)
        case let type where type.hasPrefix("multipart/"):
            let parts = part.parts
            if parts.isEmpty { try plain(part) }
            for each in parts { try await walk(each, level: level, depth: depth + 1) }
        case "text/plain" where !part.isAttachment: try plain(part)
        case "text/html" where !part.isAttachment: append(try html(part), level)
        default: try await attach(part, level)
        }
    }

    /// Of the same text in several forms the richer one, unless it leaves much out.
    private mutating func alternatives(_ part: MIMEPart, _ level: Int, _ depth: Int) async throws {
        let parts = part.parts
        let plain = parts.first { $0.type == "text/plain" }
        let rich = parts.last { Self.markup($0, depth: depth) != nil }
        if let rich, let markup = Self.markup(rich, depth: depth) {
            let written = plain.map { OCRPage.letters($0.text.text) } ?? 0
            if OCRPage.letters(try html(markup).text) * 10 >= written * 6 {
                try await walk(rich, level: level, depth: depth + 1)
            } else if let plain {
                try self.plain(plain)
            }
        } else if let plain {
            try self.plain(plain)
        }
        let others = parts.filter { $0.type != "text/plain" && $0.type != "text/html" && Self.markup($0, depth: depth) == nil }
        for other in others { try await walk(other, level: level, depth: depth + 1) }
    }

    /// The HTML within a part.
    private static func markup(_ part: MIMEPart, depth: Int) -> MIMEPart? {
        if part.type == "text/html", !part.isAttachment { return part }
        guard depth < deepestPart, part.type == "multipart/related" || part.type == "multipart/mixed" else { return nil }
        return part.parts.lazy.compactMap { markup($0, depth: depth + 1) }.first
    }

    /// A page and what it shows.
    private mutating func related(_ part: MIMEPart, _ level: Int, _ depth: Int) async throws {
        for (index, each) in part.parts.enumerated() {
            if index > 0, each.type.hasPrefix("image/"), !each.isAttachment || each.header.text("content-id") != nil {
                pictures += 1
            } else {
                try await walk(each, level: level, depth: depth + 1)
            }
        }
    }

    private mutating func plain(_ part: MIMEPart) throws {
        let decoded = part.text
        note(decoded)
        for block in try MailBody(plain: part, decoded.text, limits).blocks { builder.append(block.kind, block.text) }
    }

    private mutating func note(_ decoded: DecodedText) {
        if let warning = decoded.warning, losses[warning] != nil || losses.count < 20 { losses[warning, default: 0] += 1 }
    }

    private func html(_ part: MIMEPart) throws -> ParsedDocument { try HTMLParser().parse(fragment: part.text.text, limits) }

    private mutating func append(_ document: ParsedDocument, _ level: Int) { builder.append(document, below: level) }

    private mutating func attach(_ part: MIMEPart, _ level: Int) async throws {
        let name = part.name ?? Self.name(of: part.type)
        try await members.append(name, part.bytes, level: level + 1, to: &builder)
    }

    private static func name(of type: String) -> String {
        switch type {
        case "text/calendar": "invitation.ics"
        case "text/rfc822-headers", "message/delivery-status": "report.log"
        default: "attachment (\(type))"
        }
    }
}
