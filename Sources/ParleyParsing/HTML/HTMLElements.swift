/// What elements mean for reading.
enum HTMLElements {
    static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "basefont", "frame",
    ]
    /// Content that is never text of the page.
    static let silent: Set<String> = [
        "script", "style", "template", "iframe", "noembed", "noframes", "object", "svg", "math-annotation", "canvas", "audio", "video",
        "select",
        "datalist", "button", "textarea", "dialog",
    ]
    /// The page's frame around its content.
    static let frame: Set<String> = ["nav", "aside", "footer", "form", "menu"]
    static let frameRoles: Set<String> = ["navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "toolbar"]
    /// Widely used class names for what is not content.
    static let frameClasses: Set<String> = [
        "noprint", "mw-editsection", "navbox", "mw-jump-link", "catlinks", "sr-only", "visually-hidden", "vector-menu", "vector-dropdown",
        "mw-portlet", "interlanguage-link", "vector-toc", "printfooter",
    ]
    /// Elements that begin and end a block.
    static let block: Set<String> = [
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset",
        "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu",
        "nav", "ol",
        "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption", "head", "title", "option",
    ]

    static func headingLevel(_ name: String) -> Int? {
        guard name.utf8.count == 2, name.hasPrefix("h"), let level = Int(name.dropFirst()), (1...6).contains(level) else { return nil }
        return level
    }

    static func isHidden(_ attributes: [String: String]) -> Bool {
        if attributes["hidden"] != nil || attributes["aria-hidden"] == "true" { return true }
        guard let style = attributes["style"]?.lowercased().filter({ $0 != " " }) else { return false }
        return style.contains("display:none") || style.contains("visibility:hidden")
    }

    static func isMain(_ name: String, _ attributes: [String: String]) -> Bool {
        name == "main" || name == "article" || attributes["role"] == "main" || attributes["role"] == "article"
    }

    static func isFrame(_ name: String, _ attributes: [String: String], insideMain: Bool) -> Bool {
        if name == "header" { return !insideMain }
        if frame.contains(name) { return name != "form" || !insideMain && attributes["role"] == "search" }
        if let role = attributes["role"], frameRoles.contains(role) { return true }
        guard let classes = attributes["class"], classes.utf8.count < 1000 else { return false }
        return classes.split(separator: " ").contains { frameClasses.contains(String($0)) }
    }
}
