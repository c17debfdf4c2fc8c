public import Foundation
import ParleyCore

/// E-mail: one message (RFC 5322 with MIME), or the messages of an mbox file, each a section. Attachments stand below their message. Our own
/// reader: one pass over the bytes for each level of parts, of which there are few.
public struct MailParser: DocumentParser {
    public let mediaTypes: Set<String> = [DetectedType.mail, DetectedType.mailbox]

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        let bytes = try FileBytes.all(file, limit: limits.textBytes)
        let messages = type.mediaType == DetectedType.mailbox ? try await onWorkerThread { Mailbox.messages(bytes) } : [bytes]
        var reader = MailReader(limits)
        for message in messages { try await reader.take(message, isSole: messages.count == 1) }
        return try reader.finish()
    }
}
