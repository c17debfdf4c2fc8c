import Foundation
import NIOCore
import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP
import ParleyParsing

extension EndpointTag {
    public static let documents = Self("Documents", "Files that people put in, and what became of them.")
}

/// Documents over HTTP.
public struct DocumentEndpoints: Sendable {
    private static let root = "/v1/projects/{project}/documents"
    /// Unicode scalars of parsed text that one answer holds at most.
    private static let textLimit = 200_000

    private let service: DocumentService

    private let links: DownloadLinks

    public init(service: DocumentService, links: DownloadLinks) { (self.service, self.links) = (service, links) }

    public var endpoints: [Endpoint] { lists + [upload] + single + [content, link, file, text] }

    private var lists: [Endpoint] {
        [
            .project(
                .documentsRead, .get, path: Self.root, id: "documents.list", tag: .documents, summary: "List documents",
                query: [.bool("deleted", "Deleted documents instead of the others.", default: false)],
                output: .page(of: Document.schema, DocumentStore.list.shape)
            ) { request, scope in
                .page(try await service.documents(request.list(), deleted: try request.query("deleted", as: Bool.self) ?? false, scope))
            },
            .project(
                .documentsRead, .get, path: Self.root + "/{document}/passages", id: "documents.passages", tag: .documents,
                summary: "List a document's passages", description: "The pieces in which it is searched, in the order of its text.",
                output: .page(of: StoredChunk.schema, ChunkStore.list.shape), errors: [.documentNotFound, .documentNotReady]
            ) { request, scope in
                .page(try await service.passages(request.list(), of: request.id("document"), scope))
            },
        ]
    }

    private var upload: Endpoint {
        .project(
            .documentsWrite, .post, path: Self.root, id: "documents.upload", tag: .documents, summary: "Upload a document",
            description: """
                As `multipart/form-data` with one part named `file` (a part named `tags`, comma-separated, may stand before it), or as the raw \
                body with its name in `?name=`. The type is told from the content. Bytes that the project already has give the document that \
                is there, with 200 instead of 202.
                """,
            query: [
                .string("name", "File name, for a raw body.", Document.nameLength.range),
                .list("tags", "Tags, for a raw body.", of: Document.tagLength.range, atMost: Document.tagLimit),
            ],
            accepts: [.multipart, .anything], output: Document.schema, status: 202,
            errors: [
                .uploadTooLarge, .uploadEmpty, .diskFull, .documentUnsupported, .documentEncrypted, .documentDamaged, .uploadOverloaded,
                .tooManyUploads,
                .ingestionOverloaded, .storageQuota, .documentQuota,
            ], rate: .upload
        ) { request, scope in
            let upload = try await receive(request, scope)
            let location = "/v1/projects/\(scope.project)/documents/\(upload.document.id)"
            return upload.isNew ? .accepted(upload.document, location: location) : .known(upload.document, location: location)
        }
        .orStatus(200)
    }

    private func receive(_ request: EndpointRequest, _ scope: ProjectScope<DocumentsWrite>) async throws -> Upload {
        guard request.isMultipart else {
            let name = try request.query("name", as: String.self) ?? "Untitled"
            return try await service.add(request.body, name: name, tags: try request.queryList("tags"), scope)
        }
        var tags: [String] = []
        for try await part in try request.multipart() {
            if part.name == "tags" {
                tags = try Self.tags(try await part.body.text())
            } else if part.name == "file" {
                return try await service.add(part.body, name: part.filename ?? "Untitled", tags: tags, scope)
            }
        }
        throw ParleyError(
            .invalidInput, "The form has no file.", fields: [FieldError("file", "is missing: send the document as a part named file")])
    }

    /// - Throws: `input.invalid`.
    private static func tags(_ text: String) throws -> [String] {
        let tags = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        var errors = FieldErrors()
        if tags.count > Document.tagLimit { errors.append(FieldError("tags", "must have at most \(Document.tagLimit) values")) }
        for (index, tag) in tags.enumerated() where !errors.isFull && !Document.tagLength.contains(tag) {
            errors.append(FieldError("tags/\(index)", "must have at most \(Document.tagLength.range.upperBound) characters"))
        }
        guard errors.isEmpty else { throw ParleyError(.invalidInput, "The tags are not valid; see errors.", fields: errors.list) }
        return tags
    }

    private var single: [Endpoint] {
        [
            .project(
                .documentsRead, .get, path: Self.root + "/{document}", id: "documents.get", tag: .documents,
                summary: "Read a document's state",
                output: Document.schema, errors: [.documentNotFound]
            ) { request, scope in
                .ok(try await service.document(request.id("document"), include: request.includes, scope))
            }.versioned(service.version),
            .project(
                .documentsWrite, .delete, path: Self.root + "/{document}", id: "documents.delete", tag: .documents,
                summary: "Delete a document",
                description: "It is gone from every answer at once, and nothing in it can be read any more; it can be restored.",
                output: .nothing(), errors: [.documentNotFound]
            ) { request, scope in
                try await service.delete(request.id("document"), scope)
                return .noContent
            }.versioned(service.version),
            .project(
                .documentsWrite, .post, path: Self.root + "/{document}/restore", id: "documents.restore", tag: .documents,
                summary: "Restore a deleted document", output: Document.schema, errors: [.documentNotFound, .storageQuota, .documentQuota]
            ) { request, scope in
                .ok(try await service.restore(request.id("document"), scope))
            },
            .project(
                .documentsWrite, .post, path: Self.root + "/{document}/purge", id: "documents.purge", tag: .documents,
                summary: "Remove a deleted document for good",
                description: """
                    It cannot be restored any more. File, text, passages and vectors are removed within minutes, and no longer count against quotas \
                    then. The server does the same with what has been deleted for longer than `storage.keep_deleted`.
                    """,
                output: .nothing(), errors: [.documentNotFound, .documentNotDeleted]
            ) { request, scope in
                try await service.purge(request.id("document"), scope)
                return .noContent
            },
            .project(
                .documentsWrite, .post, path: Self.root + "/{document}/retry", id: "documents.retry", tag: .documents,
                summary: "Read a failed document again", output: Document.schema, status: 202,
                errors: [.documentNotFound, .documentNotFailed]
            ) { request, scope in
                let document = try await service.retry(request.id("document"), scope)
                return .accepted(document, location: "/v1/projects/\(scope.project)/documents/\(document.id)")
            },
        ]
    }

    private var content: Endpoint {
        .project(
            .documentsRead, .get, path: Self.root + "/{document}/content", id: "documents.content", tag: .documents,
            summary: "Download the file", output: .file("*/*"), errors: [.documentNotFound]
        ) { request, scope in
            let (document, file) = try await service.content(request.id("document"), scope)
            let revision = document.latest
            return .file(
                FileBody(name: document.name, contentType: revision.mediaType, length: Int64(revision.size), etag: revision.contentHash)
            ) { range, writer in
                for try await buffer in FileReader(file, range) { try await writer.write(buffer) }
            }
        }
    }

    private var link: Endpoint {
        .project(
            .documentsRead, .get, path: Self.root + "/{document}/link", id: "documents.link", tag: .documents,
            summary: "Get a link to the file",
            description: "It works for one to two hours without a token, for browsers, other programs and caches between.",
            output: DownloadLink.schema, errors: [.documentNotFound], cache: .secret
        ) { request, scope in
            let document = try await service.present(request.id("document"), scope)
            return .ok(try links.link(to: document, scope))
        }
    }

    private var file: Endpoint {
        .open(
            .get, path: "/v1/files/{document}/{revision}", id: "files.get", tag: .documents, summary: "Download by a link",
            description: "The links come from the endpoint above. Any cache may keep the answer until its link expires.",
            query: [
                .int("expires", "From the link.", 0...Int(1 << 40), isRequired: true),
                .string("signature", "From the link.", 1...100, isRequired: true),
            ], output: .file("application/octet-stream"), errors: [.linkInvalid, .documentNotFound]
        ) { request in
            let (document, revision): (DocumentID, RevisionID) = (try request.id("document"), try request.id("revision"))
            let (expires, signature) = (try request.query("expires", as: Int.self), try request.query("signature", as: String.self))
            let pass = try links.check(signature ?? "", expires ?? 0, revision, of: document)
            let (found, file) = try await service.content(pass)
            let body = FileBody(
                name: found.name, contentType: found.latest.mediaType, length: Int64(found.latest.size), etag: found.latest.contentHash)
            return .file(body) { range, writer in
                for try await buffer in FileReader(file, range) { try await writer.write(buffer) }
            }.header("Cache-Control", "public, max-age=\(pass.secondsLeft), immutable")
        }
    }

    private var text: Endpoint {
        .project(
            .documentsRead, .get, path: Self.root + "/{document}/text", id: "documents.text", tag: .documents,
            summary: "Read the parsed text",
            description: "Offsets count Unicode scalars. At most 200,000 are given at a time; ask again from `to` for more.",
            query: [
                .id("revision", "A revision of the document; the current one when left out.", RevisionKind.self),
                .int("from", "First scalar.", 0...Int(Int32.max), default: 0),
                .int("to", "Past the last scalar.", 0...Int(Int32.max)),
            ],
            output: TextExcerpt.schema, errors: [.documentNotFound, .documentNotReady]
        ) { request, scope in
            .ok(
                try await service.text(
                    request.id("document"), revision: try request.query("revision", as: RevisionID.self),
                    from: try request.query("from", as: Int.self) ?? 0, to: try request.query("to", as: Int.self), limit: Self.textLimit,
                    scope))
        }.versioned(service.contentVersion)
    }
}
