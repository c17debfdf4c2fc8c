/// What elements mean for reading.
enum HTMLElements {
    static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "basefont", "frame",
    ]
    /// Content that is never text of the page.
    static let silent: Set<String> = [
        "script", "style", "template", "iframe", "noembed", "noframes", "object", "svg", "annotation", "annotation-xml", "canvas", "audio",
        "video",
        "select",
        "datalist", "button", "textarea", "dialog",
    ]
    /// Elements whose text heads others.
    static let heads = ["h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt", "th"]
    /// The page's frame around its content.
    static let frame: Set<String> = ["nav", "footer", "menu"]
    static let frameRoles: Set<String> = ["navigation", "contentinfo", "search", "menu", "menubar", "toolbar"]
    /// Those of them that are frame within main content too.
    static let innerFrame: Set<String> = ["nav", "navigation", "search", "menubar", "toolbar"]
    /// Widely used class names for what is not content.
    static let frameClasses: Set<String> = [
        "noprint", "mw-editsection", "navbox", "mw-jump-link", "catlinks", "vector-menu", "vector-dropdown", "mw-portlet",
        "interlanguage-link", "vector-toc", "printfooter", "katex-html",
    ]
    /// Elements that begin and end a block.
    static let block: Set<String> = [
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset",
        "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu",
        "nav", "ol",
        "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption", "head", "title", "option",
    ]

    /// Elements within a line.
    static let inline: Set<String> = [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
        "map",
        "mark", "math", "meter", "noscript", "output", "picture", "progress", "q", "rp", "rt", "ruby", "s", "samp", "slot", "small", "span",
        "strike",
        "strong", "sub", "sup", "time", "tt", "u", "var",
    ]
    /// What a name must be among for a tag to be one.
    static let known = block.union(void).union(silent).union(inline)
    /// Those that are often left without an end.
    static let unended: Set<String> = ["p", "li", "dd", "dt", "tr", "td", "th", "thead", "tbody", "tfoot", "br", "hr", "wbr"]

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

    /// - Parameter shape: of the whole page.
    static func isFrame(_ name: String, _ attributes: [String: String], insideMain: Bool, _ shape: HTMLPageShape) -> Bool {
        let role = attributes["role"] ?? ""
        if insideMain {
            if innerFrame.contains(name) || innerFrame.contains(role) { return true }
        } else {
            // Notes stand aside of the text, menus aside of the main content; a page's only title may stand in its header.
            if name == "aside" || role == "complementary" { return shape.hasMain }
            if name == "header" || role == "banner" { return shape.hasHeadingOutsideHeader }
            if frame.contains(name) || frameRoles.contains(role) { return true }
        }
        guard let classes = attributes["class"], classes.utf8.count < 1000 else { return false }
        return classes.split(separator: " ").contains { frameClasses.contains(String($0)) }
    }
}

/// What a page has, which tells what is its frame.
struct HTMLPageShape {
    var hasMain = false
    var hasHeadingOutsideHeader = false
}
