import ParleyCore

/// The page at `/docs/errors`: where the `type` of every problem document points.
struct ErrorPage {
    let codes: [ErrorCode]

    var page: HTML {
        let rows = codes.map { code -> HTML in
            "<tr id=\"\(code.name)\"><td><code>\(code.name)</code></td><td>\(code.status)</td><td>\(code.title)</td></tr>"
        }
        return Reference.frame(
            "Parley API: errors",
            """
            <h1>Errors</h1><p>An error is a problem document (RFC 9457): <code>application/problem+json</code> with <code>code</code>, \
            which never changes its meaning, <code>detail</code> for people, <code>errors</code> with a JSON pointer for each wrong field, and \
            <code>request_id</code>, which stands in the server's log.</p>
            <table><tr><th>Code</th><th>Status</th><th>Meaning</th></tr>\(.joined(rows))</table>
            """)
    }
}
