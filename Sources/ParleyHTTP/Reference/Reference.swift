import ParleyCore
import Synchronization

/// The documentation that the binary serves: `/openapi.json`, the reference at `/docs`, the errors at `/docs/errors`. It is made
/// when somebody first asks for it, since a start should not wait for it.
final class Reference: StaticFileProvider {
    private let make: @Sendable () -> StaticFiles
    private let made = Mutex<StaticFiles?>(nil)

    init(_ list: EndpointList, errorCodes: [ErrorCode], version: String, history: VersionHistory) {
        make = { Self.files(list, errorCodes, version, history) }
    }

    func file(at path: String) -> StaticFile? {
        guard path == "/openapi.json" || path.hasPrefix("/docs") else { return nil }
        return made.withLock { made in
            let files = made ?? make()
            made = files
            return files.file(at: path)
        }
    }

    private static func files(_ list: EndpointList, _ errorCodes: [ErrorCode], _ version: String, _ history: VersionHistory) -> StaticFiles
    {
        var writer = JSONWriter()
        writer.write(OpenAPI(list: list, version: version).document)
        let codes = Set(list.errorCodes + errorCodes).sorted { $0.name < $1.name }
        let html = "text/html; charset=utf-8"
        return StaticFiles([
            "/openapi.json": StaticFile(writer.bytes, contentType: "application/json"),
            "/docs": StaticFile(Array(ReferencePage(list: list, version: version).page.markup.utf8), contentType: html),
            "/docs/errors": StaticFile(Array(ErrorPage(codes: codes).page.markup.utf8), contentType: html),
            "/docs/changelog": StaticFile(Array(history.page.markup.utf8), contentType: html),
            "/docs/reference.css": StaticFile(Array(style.utf8), contentType: "text/css; charset=utf-8"),
            "/docs/reference.js": StaticFile(Array(script.utf8), contentType: "text/javascript; charset=utf-8"),
        ])
    }

    /// The frame of every page.
    /// - Parameter menu: what the page holds, above the other pages.
    static func frame(_ title: String, menu: HTML = "", version: String = "", _ body: HTML) -> HTML {
        """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
        <title>\(title)</title><link rel="stylesheet" href="/docs/reference.css"><link rel="icon" href="/favicon.svg"></head><body>
        <details class="menu" open><summary>Contents</summary><nav aria-label="Contents">
        <p class="brand"><a href="/docs">Parley API</a> <span class="soft">\(version)</span></p>\(menu)
        <b>Pages</b><a href="/docs"><span>Reference</span></a><a href="/docs/errors"><span>Errors</span></a>\
        <a href="/docs/changelog"><span>Change log</span></a><a href="/openapi.json"><span>OpenAPI document</span></a></nav></details>
        <main>\(body)</main></body></html>
        """
    }
}
