import Foundation
import ParleyAuthority
public import ParleyCore
public import ParleyHTTP

/// Links under which a revision's file can be had without a token until they expire. Everybody who asks within an hour gets the same
/// link, so that a cache between keeps one copy.
public struct DownloadLinks: Sendable {
    private static let hour: Int64 = 3600

    private let signer: Signer
    private let clock: any WallClock

    public init(signer: Signer, clock: any WallClock) { (self.signer, self.clock) = (signer, clock) }

    /// A link to the document's file, which works for one to two hours.
    /// - Throws: `document.not_found` when the document is not the project's.
    func link(to document: Document, _ scope: ProjectScope<DocumentsRead>) throws -> DownloadLink {
        guard document.project == scope.project else { throw DocumentService.unknown }
        let (document, revision) = (document.id, document.latest.id)
        let expires = ((clock.now().milliseconds / 1000) / Self.hour + 2) * Self.hour
        let signature = Data(signer.signature("download", [document.description, revision.description, String(expires)]))
        let path = "/v1/files/\(document)/\(revision)?expires=\(expires)&signature=\(signature.hexadecimal)"
        return DownloadLink(url: path, expiresAt: Timestamp(milliseconds: expires * 1000))
    }

    /// - Throws: `document.link_invalid` when the link has expired or is not one that this server gave out.
    func check(_ signature: String, _ expires: Int, _ revision: RevisionID, of document: DocumentID) throws -> DownloadPass {
        let left = Int64(expires) - clock.now().milliseconds / 1000
        let right = signer.signature("download", [document.description, revision.description, String(expires)])
        guard let bytes = [UInt8](hexadecimal: signature), bytes.count == right.count,
            signer.isValid(bytes, "download", [document.description, revision.description, String(expires)]), left > 0
        else { throw ParleyError(.linkInvalid, "The link has expired or was changed; ask for a new one.") }
        return DownloadPass(document: document, revision: revision, secondsLeft: Int(left))
    }
}

/// Proof that somebody has a link to a file that still works. Made by `DownloadLinks` alone.
struct DownloadPass: Sendable {
    let document: DocumentID
    let revision: RevisionID
    /// For how long the link still works.
    let secondsLeft: Int

    fileprivate init(document: DocumentID, revision: RevisionID, secondsLeft: Int) {
        (self.document, self.revision, self.secondsLeft) = (document, revision, secondsLeft)
    }
}

/// A link and its end.
struct DownloadLink: Sendable {
    /// Path and query on this server.
    let url: String
    let expiresAt: Timestamp

    static let schema: Schema<DownloadLink> = .object(
        "DownloadLink", "A link to a file that works without a token until it expires. Whoever has it can read the file.",
        .field("url", \.url, .secret(.string()), "Relative to this server's address."),
        .field("expires_at", \.expiresAt, .timestamp()),
        example: DownloadLink(url: "/v1/files/doc_…/rev_…?expires=1790006400&signature=4f1c…", expiresAt: Document.example.createdAt))
}

extension Data {
    fileprivate var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}

extension [UInt8] {
    /// Nil when the text is not pairs of lower-case hexadecimal digits.
    fileprivate init?(hexadecimal text: String) {
        let digits = text.utf8.map {
            UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") ? $0 - 48 : (97...102).contains($0) ? $0 - 87 : 255
        }
        guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0 < 16 }) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
