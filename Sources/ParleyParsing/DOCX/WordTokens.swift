/// XML tokens with the element names of one vocabulary bare (`p`, `tbl`) and others as written (`a:p`, `mc:Fallback`);
/// attribute names lose their prefix.
struct WordTokens {
    private static let namespaces: Set<String> = [
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main",
    ]
    private var tokens: MarkupTokenizer
    private var prefix = "w:"

    init(_ bytes: [UInt8]) { tokens = MarkupTokenizer(bytes: bytes, .xml) }

    mutating func next() -> MarkupToken? {
        switch tokens.next() {
        case .start(let name, let attributes, let isEmpty):
            learnPrefix(attributes)
            let bare = Dictionary(attributes.map { (Self.local($0.key), Self.cut($0.value)) }) { first, _ in first }
            return .start(name: strip(name), attributes: bare, isEmpty: isEmpty)
        case .end(let name): return .end(name: strip(name))
        case let other: return other
        }
    }

    private mutating func learnPrefix(_ attributes: [String: String]) {
        guard attributes.count > 0 else { return }
        for (key, value) in attributes where key.hasPrefix("xmlns") && Self.namespaces.contains(value) {
            prefix = key == "xmlns" ? "" : key.dropFirst(6) + ":"
        }
    }

    private func strip(_ name: String) -> String { name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name }

    /// Names, numbers and patterns are short; text stands in no attribute that is read here.
    private static func cut(_ value: String) -> String {
        value.utf8.count <= 200 ? value : String(value.unicodeScalars.prefix(200))
    }

    private static func local(_ name: String) -> String {
        name.utf8.firstIndex(of: 0x3A).map { String(name[name.utf8.index(after: $0)...]) } ?? name
    }
}

extension [String: String] {
    /// An on/off property (ECMA-376, 17.17.4): on unless it says otherwise.
    var isOn: Bool { !["0", "false", "off", "none"].contains(self["val"] ?? "1") }
    var intValue: Int? { self["val"].flatMap { Int($0) } }
}
