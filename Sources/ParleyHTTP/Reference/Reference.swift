import ParleyCore

/// The documentation that the binary serves: `/openapi.json`, the reference at `/docs`, the errors at `/docs/errors`.
struct Reference {
    let files: StaticFiles

    init(_ list: EndpointList, errorCodes: [ErrorCode], version: String, history: VersionHistory) {
        var writer = JSONWriter()
        writer.write(OpenAPI(list: list, version: version).document)
        let codes = Set(list.errorCodes + errorCodes).sorted { $0.name < $1.name }
        let html = "text/html; charset=utf-8"
        files = StaticFiles([
            "/openapi.json": StaticFile(writer.bytes, contentType: "application/json"),
            "/docs": StaticFile(Array(ReferencePage(list: list, version: version).page.markup.utf8), contentType: html),
            "/docs/errors": StaticFile(Array(ErrorPage(codes: codes).page.markup.utf8), contentType: html),
            "/docs/changelog": StaticFile(Array(history.page.markup.utf8), contentType: html),
            "/docs/reference.css": StaticFile(Array(Self.style.utf8), contentType: "text/css; charset=utf-8"),
        ])
    }

    /// The frame of every page.
    static func frame(_ title: String, _ body: HTML) -> HTML {
        """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(title)</title><link rel="stylesheet" href="/docs/reference.css"></head><body>\(body)</body></html>
        """
    }

    private static let style = """
        :root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#dfe4ea;--paper:#fff;--tint:#f5f7f9;--mark:#0b6e5f}
        @media(prefers-color-scheme:dark){:root{--ink:#e6eaef;--soft:#9aa6b4;--line:#2e3742;--paper:#14191f;--tint:#1b222a;--mark:#5cc9b5}}
        *{box-sizing:border-box}
        body{margin:0;font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper);display:grid;grid-template-columns:16rem minmax(0,1fr)}
        nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem;border-right:1px solid var(--line);background:var(--tint);font-size:.875rem}
        nav b{display:block;margin:1.2rem 0 .3rem}nav a{display:block;padding:.15rem 0;text-decoration:none;color:var(--soft)}nav a:hover{color:var(--mark)}
        main{padding:2rem clamp(1rem,4vw,4rem);max-width:60rem}a{color:var(--mark)}
        h1{margin:0 0 .5rem}h2{margin:3rem 0 .5rem;padding-top:1rem;border-top:2px solid var(--line)}
        article{margin:1.5rem 0;padding:1.2rem 1.4rem;border:1px solid var(--line);border-radius:.6rem}article:target{border-color:var(--mark)}
        h3{margin:0 0 .4rem;font-size:1.05rem}h4{margin:1rem 0 .3rem;font-size:.85rem;color:var(--soft)}
        code,pre{font-family:ui-monospace,monospace;font-size:.875rem}pre{padding:.8rem 1rem;overflow:auto;background:var(--tint);border-radius:.4rem}
        .route{display:flex;gap:.7rem;align-items:baseline;overflow-wrap:anywhere}.verb{font-weight:700;color:var(--mark)}.soft{color:var(--soft);font-size:.875rem}
        table{width:100%;border-collapse:collapse;font-size:.9rem}td,th{padding:.35rem .6rem .35rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
        tr:target td{background:var(--tint)}
        @media(max-width:50rem){body{display:block}nav{position:static;height:auto;border:0}}
        """
}
