import ParleyCore

/// What stands above a part's body.
struct MultipartHeaders: Equatable, Sendable {
    let name: String
    let filename: String?
    let contentType: String?

    /// - Parameter text: header lines with CRLF before each.
    /// - Returns: nil when there is no `Content-Disposition: form-data` with a name.
    init?(_ text: String) {
        var fields: [String: String] = [:]
        for line in text.streamSafe.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { fields[parts[0].trimmingSpaces.lowercased()] = parts[1].trimmingSpaces }
        }
        guard let disposition = fields["content-disposition"].map(HeaderParameters.init), disposition.value == "form-data",
            let name = disposition["name"]
        else { return nil }
        self.name = name
        filename = disposition.extended("filename") ?? disposition["filename"]
        contentType = fields["content-type"]
    }
}

/// A header's value and its parameters, such as `form-data; name="file"`.
struct HeaderParameters {
    /// In lower case.
    let value: String
    private var parameters: [String: String] = [:]

    subscript(name: String) -> String? { parameters[name] }

    init(_ text: String) {
        var rest = text[...]
        value = rest.prefix { $0 != ";" }.trimmingSpaces.lowercased()
        rest = rest.drop { $0 != ";" }
        while let semicolon = rest.first, semicolon == ";" {
            rest = rest.dropFirst().drop(while: \.isWhitespace)
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(name.count)
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            let content = rest.first == "\"" ? Self.quoted(&rest) : Self.token(&rest)
            parameters[name.trimmingSpaces.lowercased()] = content
            rest = rest.drop { $0 != ";" }
        }
    }

    /// A parameter with character set and percent-encoding (`filename*=UTF-8''…`, RFC 8187); nil when there is none that is UTF-8.
    func extended(_ name: String) -> String? {
        guard let text = parameters[name + "*"], text.lowercased().hasPrefix("utf-8'") else { return nil }
        return PercentCoding.decode(text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false).last ?? "")
    }

    private static func token(_ rest: inout Substring) -> String {
        let token = rest.prefix { $0 != ";" }
        rest = rest.dropFirst(token.count)
        return token.trimmingSpaces
    }

    /// Browsers write a quote as `%22` and leave backslashes as they are; others escape with a backslash. Only `\"` and `\\` are
    /// taken for escapes, so that Windows paths survive.
    private static func quoted(_ rest: inout Substring) -> String {
        var text = ""
        rest = rest.dropFirst()
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                text.append(next)
                rest = rest.dropFirst()
            } else {
                text.append(character)
            }
        }
        return text.replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
    }
}
