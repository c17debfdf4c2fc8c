/// What paragraph styles mean, with what they inherit.
struct DOCXStyles {
    struct Style {
        var name = ""
        var parent: String?
        var outlineLevel: Int?
        var numberingID: Int?
        var numberingLevel: Int?
    }

    /// What a paragraph is by its style.
    enum Role: Equatable {
        case body, title
        case heading(Int)
        case caption, quote, code, listItem
    }

    private var styles: [String: Style] = [:]

    init(_ bytes: [UInt8]) {
        var tokens = WordTokens(bytes)
        var id: String?
        var style = Style()
        while let token = tokens.next() {
            switch token {
            case .start("style", let attributes, _) where attributes["type"] ?? "paragraph" == "paragraph":
                (id, style) = (attributes["styleId"], Style())
            case .start(let name, let attributes, _) where id != nil: Self.read(name, attributes, &style)
            case .end("style"):
                if let id { styles[id] = style }
                id = nil
            default: break
            }
        }
    }

    private static func read(_ name: String, _ attributes: [String: String], _ style: inout Style) {
        switch name {
        case "name": style.name = (attributes["val"] ?? "").lowercased()
        case "basedOn": style.parent = attributes["val"]
        case "outlineLvl": style.outlineLevel = attributes.intValue
        case "numId": style.numberingID = attributes.intValue
        case "ilvl": style.numberingLevel = attributes.intValue
        default: break
        }
    }

    func role(_ id: String?) -> Role {
        for style in chain(id) {
            if let role = Self.role(named: style.name) { return role }
            if let level = style.outlineLevel, (0...8).contains(level) { return .heading(min(level + 1, 6)) }
        }
        return .body
    }

    func numbering(_ id: String?) -> (id: Int, level: Int)? {
        let chain = chain(id)
        guard let number = chain.compactMap(\.numberingID).first, number > 0 else { return nil }
        return (number, chain.compactMap(\.numberingLevel).first ?? 0)
    }

    /// The style and those it is based on; a circle ends after twenty.
    private func chain(_ id: String?) -> [Style] {
        var found: [Style] = []
        var next = id
        while let id = next, let style = styles[id], found.count < 20 {
            found.append(style)
            next = style.parent
        }
        return found
    }

    private static func role(named name: String) -> Role? {
        if name.hasPrefix("heading "), let level = Int(name.dropFirst(8).prefix(1)) { return .heading(min(max(level, 1), 6)) }
        return switch name {
        case "title": .title
        case "subtitle": .heading(2)
        case "caption": .caption
        case "quote", "intense quote", "block text": .quote
        case "html preformatted", "code", "source code", "macro text", "plain text": .code
        default: name.hasPrefix("list bullet") || name.hasPrefix("list number") ? .listItem : nil
        }
    }
}
