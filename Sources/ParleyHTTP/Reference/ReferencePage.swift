import ParleyAuthority
import ParleyCore

/// The page at `/docs`.
struct ReferencePage {
    let list: EndpointList
    let version: String

    var page: HTML {
        Reference.frame(
            "Parley API",
            """
            <nav><strong>Parley API</strong> <span class="soft">\(version)</span>\(.joined(list.tags.map(menu)))\
            <b>More</b><a href="/docs/errors">Errors</a><a href="/docs/changelog">Change log</a><a href="/openapi.json">OpenAPI document</a></nav>
            <main><h1>Parley API</h1><p>Every answer is JSON in snake_case; errors are <a href="/docs/errors">problem documents</a>. \
            Send the access token as <code>Authorization: Bearer …</code>. Lists come in pages: pass <code>page.next_cursor</code> on as \
            <code>?cursor=</code>. With <code>?fields=id,name</code> an answer holds only these fields.</p>\(.joined(list.tags.map(chapter)))\
            <h2 id="objects">Objects</h2>\(.joined(objects.map(object)))</main>
            """)
    }

    private var objects: [ObjectShape] { Components(list.endpoints).schemas.values.sorted { $0.name < $1.name } }

    private func endpoints(_ tag: EndpointTag) -> [Endpoint] { list.endpoints.filter { $0.tag == tag } }

    private func menu(_ tag: EndpointTag) -> HTML {
        let links = endpoints(tag).map { "<a href=\"#\($0.id)\">\($0.summary)</a>" as HTML }
        return "<b>\(tag.name)</b>\(.joined(links))"
    }

    private func chapter(_ tag: EndpointTag) -> HTML {
        "<h2>\(tag.name)</h2><p>\(tag.description)</p>\(.joined(endpoints(tag).map(article)))"
    }

    private func article(_ endpoint: Endpoint) -> HTML {
        """
        <article id="\(endpoint.id)"><h3>\(endpoint.summary)</h3><div class="route"><span class="verb">\(endpoint.method.rawValue)</span>\
        <code>\(endpoint.path)</code></div><p class="soft">Access: \(endpoint.access.text)</p>\
        \(endpoint.description.isEmpty ? "" : "<p>\(endpoint.description)</p>" as HTML)\(parameters(endpoint))\(input(endpoint))\(output(endpoint))\
        <p class="soft">Errors: \(errors(endpoint))</p></article>
        """
    }

    private func parameters(_ endpoint: Endpoint) -> HTML {
        guard !endpoint.query.isEmpty else { return "" }
        let rows = endpoint.query.map { parameter -> HTML in
            let note = parameter.isRequired ? ", required" : parameter.standard.map { ", else \($0)" } ?? ""
            return row(parameter.name, parameter.shape.words + note, parameter.description)
        }
        return "<h4>Query</h4><table>\(.joined(rows))</table>"
    }

    private func input(_ endpoint: Endpoint) -> HTML {
        if let input = endpoint.input { return "<h4>Body</h4>\(form(input))" }
        guard !endpoint.accepts.isEmpty else { return "" }
        return "<h4>Body</h4><p>\(endpoint.accepts.map(\.text).joined(separator: " or "))</p>"
    }

    private func output(_ endpoint: Endpoint) -> HTML { "<h4>Answer, \(endpoint.status)</h4>\(form(endpoint.output))" }

    private func form(_ shape: SchemaShape) -> HTML {
        switch shape {
        case .object(let object): "<p>\(link(object))</p><pre>\(Self.indented(object.example, members: object.members))</pre>"
        case .page(.object(let object), _): "<p>A page of \(link(object)).</p>"
        case .events(let kinds): "<table>\(.joined(kinds.map { row($0.kind, $0.data.words, $0.description) }))</table>"
        default: "<p>\(shape.words)</p>"
        }
    }

    private func link(_ object: ObjectShape) -> HTML { "<a href=\"#object-\(object.name)\">\(object.name)</a>" }

    private func object(_ object: ObjectShape) -> HTML {
        let rows = object.members.map { row($0.name, $0.shape.words, $0.description) }
        return
            "<article id=\"object-\(object.name)\"><h3>\(object.name)</h3><p>\(object.description)</p><table>\(.joined(rows))</table></article>"
    }

    private func row(_ name: String, _ words: String, _ description: String) -> HTML {
        "<tr><td><code>\(name)</code></td><td class=\"soft\">\(words)</td><td>\(description)</td></tr>"
    }

    private func errors(_ endpoint: Endpoint) -> HTML {
        .joined(endpoint.possibleErrors.map { "<a href=\"/docs/errors#\($0.name)\"><code>\($0.name)</code></a> " })
    }

    /// An example with one member a line, in the declared order.
    private static func indented(_ example: JSONValue, members: [MemberShape]) -> String {
        let lines = members.map { "  \"\($0.name)\": \((example[$0.name] ?? .null).text)" }
        return "{\n" + lines.joined(separator: ",\n") + "\n}"
    }
}
