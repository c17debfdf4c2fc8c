import ParleyAuthority
import ParleyCore

/// The page at `/docs`: every endpoint to read and, with its script, to try.
struct ReferencePage {
    let list: EndpointList
    let version: String
    private let leads: ResponseLinks

    init(list: EndpointList, version: String) {
        (self.list, self.version) = (list, version)
        leads = ResponseLinks(list.endpoints)
    }

    var page: HTML {
        Reference.frame(
            "Parley API", menu: .joined(list.tags.map(menu)) + "<b>Objects</b>" + .joined(objects.map(menu)), version: version,
            """
            <h1>Parley API</h1>
            <p>Ask your documents, over HTTP. Answers are JSON in snake_case, errors are <a href="/docs/errors">problem documents</a>. \
            Send a token as <code>Authorization: Bearer …</code>. Lists come in pages: pass <code>page.next_cursor</code> on as \
            <code>?cursor=</code>. With <code>?fields=id,name</code> an answer holds only these fields. Send an \
            <code>Idempotency-Key</code> with a change, and it is carried out once however often it is sent.</p>
            <section id="token" class="panel" hidden></section>
            \(.joined(list.tags.map(chapter)))
            <h2 id="objects">Objects</h2>\(.joined(objects.map(object)))
            <script src="/docs/reference.js" type="module"></script>
            """)
    }

    private var objects: [ObjectShape] { Components(list.endpoints).objects.values.sorted { $0.name < $1.name } }

    private func endpoints(_ tag: EndpointTag) -> [Endpoint] { list.endpoints.filter { $0.tag == tag } }

    private func menu(_ tag: EndpointTag) -> HTML {
        let links = endpoints(tag).map { endpoint in
            "<a href=\"#\(endpoint.id)\">\(verb(endpoint))<span>\(endpoint.summary)</span></a>" as HTML
        }
        return "<b>\(tag.name)</b>\(.joined(links))"
    }

    private func menu(_ object: ObjectShape) -> HTML { "<a href=\"#object-\(object.name)\"><span>\(object.name)</span></a>" }

    private func chapter(_ tag: EndpointTag) -> HTML {
        "<h2>\(tag.name)</h2><p>\(tag.description)</p>\(.joined(endpoints(tag).map(article)))"
    }

    private func verb(_ endpoint: Endpoint) -> HTML {
        "<span class=\"verb \(endpoint.method.rawValue.lowercased())\">\(endpoint.method.rawValue)</span>"
    }

    private func article(_ endpoint: Endpoint) -> HTML {
        """
        <article id="\(endpoint.id)"><h3><a href="#\(endpoint.id)">\(endpoint.summary)</a></h3>\
        <div class="route">\(verb(endpoint))<code>\(endpoint.path)</code></div>\
        \(endpoint.deprecation == nil ? "" : "<p class=\"warning\">Deprecated.</p>" as HTML)\
        \(endpoint.wholeDescription.isEmpty ? "" : "<p>\(.words(endpoint.wholeDescription))</p>" as HTML)\
        <p class="soft">Access: \(endpoint.access.text)</p>\
        <div class="columns"><div>\(query(endpoint))\(headers(endpoint))\(input(endpoint))\(output(endpoint))\(next(endpoint))\
        \(errors(endpoint))</div><div>\(samples(endpoint))</div></div>\
        <details class="try" data-operation="\(endpoint.id)" hidden><summary>Try it</summary></details></article>
        """
    }

    private func query(_ endpoint: Endpoint) -> HTML {
        guard !endpoint.query.isEmpty else { return "" }
        let rows = endpoint.query.map { parameter -> HTML in
            let note = parameter.isRequired ? ", required" : parameter.standard.map { ", else \($0)" } ?? ""
            return row(parameter.name, parameter.shape.words + note, parameter.description)
        }
        return "<h4>Query</h4><table>\(.joined(rows))</table>"
    }

    private func headers(_ endpoint: Endpoint) -> HTML {
        let rows = endpoint.requestHeaders.map { row($0.name, $0.isRequired ? "required" : "", $0.description) }
        return rows.isEmpty ? "" : "<h4>Headers</h4><table>\(.joined(rows))</table>"
    }

    private func input(_ endpoint: Endpoint) -> HTML {
        if let input = endpoint.input { return "<h4>Body</h4>\(form(input))" }
        guard !endpoint.accepts.isEmpty else { return "" }
        return "<h4>Body</h4><p>\(endpoint.accepts.map(\.text).joined(separator: " or "))</p>"
    }

    private func output(_ endpoint: Endpoint) -> HTML {
        let others = endpoint.otherSuccesses.keys.sorted().map { " or \($0)" }.joined()
        return "<h4>Answer, \(endpoint.status)\(others)</h4>\(form(endpoint.output))"
    }

    private func next(_ endpoint: Endpoint) -> HTML {
        let targets = leads.links(from: endpoint, endpoint.output).keys.sorted()
        guard !targets.isEmpty else { return "" }
        let links = targets.map { "<a href=\"#\($0)\"><code>\($0)</code></a> " as HTML }
        return "<details><summary>Leads to \(targets.count) endpoints</summary><p class=\"codes\">\(.joined(links))</p></details>"
    }

    private func form(_ shape: SchemaShape) -> HTML {
        switch shape {
        case .object(let object): "<p>\(link(object))</p>"
        case .page(.object(let object), _): "<p>A page of \(link(object)).</p>"
        case .events(let kinds): "<table>\(.joined(kinds.map { row($0.kind, $0.data.words, $0.description) }))</table>"
        default: "<p>\(shape.words)</p>"
        }
    }

    /// What is sent and what is answered, as examples.
    private func samples(_ endpoint: Endpoint) -> HTML {
        let sent: HTML = endpoint.input.map { "<h4>Example of a body</h4><pre data-sample>\(Self.indented($0))</pre>" } ?? ""
        switch endpoint.output {
        case .nothing, .bytes, .events, .any: return sent
        default: return "\(sent)<h4>Example of an answer</h4><pre>\(Self.indented(endpoint.output))</pre>"
        }
    }

    private func link(_ object: ObjectShape) -> HTML { "<a href=\"#object-\(object.name)\">\(object.name)</a>" }

    private func object(_ object: ObjectShape) -> HTML {
        let rows = object.members.map { row($0.name, $0.shape.words, $0.description) }
        return
            "<article id=\"object-\(object.name)\"><h3>\(object.name)</h3><p>\(object.description)</p><table>\(.joined(rows))</table></article>"
    }

    private func row(_ name: String, _ words: String, _ description: String) -> HTML {
        "<tr><td><code>\(name)</code></td><td class=\"soft\">\(words)</td><td>\(.words(description))</td></tr>"
    }

    private func errors(_ endpoint: Endpoint) -> HTML {
        let links = endpoint.possibleErrors.map { code in
            "<a href=\"/docs/errors#\(code.name)\" title=\"\(code.title)\"><code>\(code.name)</code></a> \(endpoint.status(of: code)) "
                as HTML
        }
        return "<details><summary>\(links.count) errors</summary><p class=\"codes\">\(.joined(links))</p></details>"
    }

    /// The form's example with its members in the declared order.
    private static func indented(_ shape: SchemaShape) -> String { ExampleText.text(of: shape.example, shape) }
}
