import ParleyCore

extension VersionHistory {
    /// `GET /v1/changelog`.
    public func endpoint(tag: EndpointTag) -> Endpoint {
        .open(
            .get, path: "/v1/changelog", id: "changelog.get", tag: tag, summary: "What changed in the API",
            description: "The versions that `Parley-Version` may name, newest first. The same for people: `/docs/changelog`.",
            output: VersionHistory.schema, cache: .publicFor(seconds: 300)
        ) { [self] _ in .ok(self) }
    }

    static let schema: Schema<VersionHistory> = .object(
        "ChangeLog", "The versions of the API.",
        .field("newest", \.newest, .string()),
        .field("standard", \.standard, .string(), "What a request without `Parley-Version` gets."),
        .field("versions", { @Sendable in $0.versions.reversed() }, .array(APIVersion.schema)),
        example: VersionHistory([.example]))

    /// The page at `/docs/changelog`.
    var page: HTML {
        let chapters = versions.reversed().map { version -> HTML in
            let rows = version.changes.map { change -> HTML in
                "<tr><td>\(change.kind.rawValue)</td><td>\(change.summary)</td><td>\(change.endpoints.joined(separator: ", "))</td></tr>"
            }
            let table: HTML = rows.isEmpty ? "" : "<table><tr><th>Kind</th><th>Change</th><th>Endpoints</th></tr>\(.joined(rows))</table>"
            return "<h2 id=\"\(version.date)\">\(version.date)</h2><p>\(version.title)</p>\(table)"
        }
        return Reference.frame(
            "Parley API: change log",
            """
            <h1>Change log</h1><p>Send <code>Parley-Version: \(newest)</code> to stay with a version; without the header you get \
            <code>\(standard)</code>. Programs read <code>GET /v1/changelog</code>.</p>\(.joined(chapters))
            """)
    }
}

extension APIVersion {
    static let example = APIVersion(
        "2026-11-23", "The first version", changes: [APIChange(.added, "Threads have titles.", endpoints: ["threads.get"])])

    static let schema: Schema<APIVersion> = .object(
        "APIVersion", "A dated version.", .field("version", \.date, .string()), .field("title", \.title, .string()),
        .field("changes", \.changes, .array(APIChange.schema)), example: example)
}

extension APIChange {
    static let schema: Schema<APIChange> = .object(
        "APIChange", "How a version differs from the one before.", .field("kind", \.kind, .enumeration()),
        .field("summary", \.summary, .string()), .field("endpoints", \.endpoints, .array(.string()), "Ids of endpoints."),
        example: APIChange(.added, "Threads have titles.", endpoints: ["threads.get"]))
}
