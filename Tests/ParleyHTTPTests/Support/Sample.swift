import NIOCore
import ParleyAuthority
import ParleyCore
import ParleyHTTP
import ParleyTesting

/// A small product: a few endpoints of each sort.
enum Sample {
    static let project = ProjectID(at: Timestamp(milliseconds: 1_800_000_000_000))
    static let admin = Principal.test(UserID(at: Timestamp(milliseconds: 1)), role: .admin)
    static let viewer = Principal.test(UserID(at: Timestamp(milliseconds: 2)), role: .viewer)

    struct Accounts: RequestAuthenticator, MembershipSource {
        func authenticate(_ bearer: String) async throws -> Principal? { ["admin-token": admin, "viewer-token": viewer][bearer] }
        func projectRole(of user: UserID, in project: ProjectID) async throws -> ProjectRole? {
            user == viewer.user && project == Sample.project ? .viewer : nil
        }
        func projectExists(_ project: ProjectID) async throws -> Bool { project == Sample.project }
    }

    struct Leak: Error { let secret = "password-in-the-clear" }

    static let notes = EndpointTag("Notes", "What to remember.")
    static let other = EndpointTag("Other", "Everything else.")

    static let shape = ListShape(
        [
            ListField("title", .text, isSortable: true), ListField("rank", .int, isSortable: true),
            ListField("color", .choice(["red", "green"])),
            ListField("created_at", .time, isSortable: true), ListField("tags", .labels), ListField("place", .text, isNullable: true),
            ListField("done", .bool), ListField("level", .real),
        ], standard: [ListOrder("title")])

    private static let ids = (0..<120).map { DocumentID(at: Timestamp(milliseconds: 1_800_000_000_000 + Int64($0))) }

    static let endpoints: [Endpoint] = [
        .open(
            .get, path: "/v1/notes", id: "notes.list", tag: notes, summary: "List",
            query: [.choice("color", "Only these.", Note.Color.self)],
            output: .page(of: Note.schema, shape)
        ) { request in
            let color = try request.query("color", as: Note.Color.self)
            let all = (0..<120).map { number in
                var note = Note.example
                (note.id, note.rank, note.color) = (ids[number], number % 10, color ?? .red)
                return note
            }
            return .page(ListSlice(of: all, try request.list(), key: \.id.description))
        },
        .open(
            .post, path: "/v1/notes", id: "notes.create", tag: notes, summary: "Make", input: NewNote.schema, output: Note.schema,
            status: 201
        ) { _, input in
            var note = Note.example
            note.title = input.title
            return .created(note, location: "/v1/notes/\(note.id)")
        },
        .installation(
            .accountRead, .get, path: "/v1/me", id: "me", tag: other, summary: "Who am I", output: .json(), cache: .secret
        ) { _, scope in
            .ok(["user": .string(scope.principal.user.description)])
        },
        .installation(
            .usersManage, .delete, path: "/v1/users/{user}", id: "users.delete", tag: other, summary: "Remove", output: .nothing()
        ) {
            request, _ in
            let _: UserID = try request.id("user")
            return .noContent
        },
        .project(
            .documentsRead, .get, path: "/v1/projects/{project}/notes/{note}", id: "notes.get", tag: notes, summary: "Read",
            output: Note.schema
        ) { request, _ in
            var note = Note.example
            note.id = try request.id("note")
            return .ok(note)
        },
        .project(
            .documentsWrite, .patch, path: "/v1/projects/{project}/notes/{note}", id: "notes.change", tag: notes, summary: "Change",
            input: NewNote.schema, output: Note.schema
        ) { _, _, _ in .ok(Note.example) },
        .open(.get, path: "/v1/leak", id: "leak", tag: other, summary: "Fail", output: .json()) { _ in throw Leak() },
        .open(
            .put, path: "/v1/raw", id: "raw", tag: other, summary: "Count bytes", accepts: ["application/octet-stream", "text/*"],
            output: .json()
        ) { request in
            var count = 0
            for try await chunk in request.body { count += chunk.readableBytes }
            return .ok(["bytes": .int(Int64(count))])
        },
        .open(.post, path: "/v1/form", id: "form", tag: other, summary: "Parts", accepts: [.multipart], output: .json()) { request in
            var parts: [JSONValue] = []
            for try await part in try request.multipart() {
                if part.name == "skip" { continue }
                parts.append([
                    "name": .string(part.name), "filename": part.filename.map { .string($0) } ?? .null,
                    "text": .string(try await part.body.text()),
                ])
            }
            return .ok(.array(parts))
        },
        .open(.get, path: "/v1/file", id: "file", tag: other, summary: "A file", output: .file("text/plain")) { _ in
            let content = Array("0123456789".utf8)
            return .file(FileBody(name: "Zahlen \"ü\".txt", contentType: "text/plain", length: 10, etag: "ten")) { range, writer in
                try await writer.write(Array(content[Int(range.lowerBound)..<Int(range.upperBound)]))
            }
        },
    ]
}
