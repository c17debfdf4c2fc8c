import ParleyCore

/// The pairs of a query, in order, decoded.
struct QueryString: Sendable {
    let pairs: [(name: String, value: String)]

    /// - Parameter text: what stands after the `?`. Pairs whose escapes are broken keep their raw text, so that the check of the
    ///   parameter tells what is wrong with it.
    init(_ text: Substring) {
        pairs = text.split(separator: "&").prefix(200).map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decode(parts[0]), parts.count > 1 ? Self.decode(parts[1]) : "")
        }
    }

    /// All values of a parameter that may be repeated or hold several with commas between; nil when it is not there.
    func list(_ name: String) -> [String]? {
        let texts = pairs.filter { $0.name == name }.map(\.value)
        return texts.isEmpty ? nil : texts.flatMap { $0.split(separator: ",").map(String.init) }
    }

    private static func decode(_ text: Substring) -> String { (PercentCoding.decode(text, plusIsSpace: true) ?? String(text)).streamSafe }
}

/// The declared query parameters of one request, checked.
struct QueryValues: Sendable {
    private(set) var values: [String: [String]] = [:]

    /// - Throws: `input.invalid` naming all wrong, missing or unknown parameters at once, up to a hundred.
    init(_ query: QueryString, _ declared: [QueryParameter]) throws(ParleyError) {
        var errors = FieldErrors()
        for (name, value) in query.pairs where !errors.isFull {
            guard let parameter = declared.first(where: { $0.name == name }) else {
                errors.append(FieldError(name, "is not a parameter of this endpoint"))
                continue
            }
            let parts = parameter.isList ? Self.parts(of: value) : [value]
            for part in parts where !errors.isFull { errors.append(contentsOf: parameter.check(part)) }
            values[name, default: []] += parts
        }
        for parameter in declared {
            let count = values[parameter.name]?.count ?? 0
            if count == 0, parameter.isRequired { errors.append(FieldError(parameter.name, "is required")) }
            if count > 1, !parameter.isList { errors.append(FieldError(parameter.name, "must be given only once")) }
            if case .array(_, let allowed) = parameter.shape, count > allowed.upperBound {
                errors.append(FieldError(parameter.name, "must have at most \(allowed.upperBound) values"))
            }
            if count == 0, let standard = parameter.standard { values[parameter.name] = [standard] }
        }
        guard let first = errors.list.first else { return }
        let isOne = errors.list.count == 1
        let message = isOne ? "The parameter \(first.pointer) \(first.message)." : errors.summary("parameters")
        throw ParleyError(.invalidInput, message, fields: errors.list)
    }

    init() {}

    /// The values of a list, without the white space that people write behind commas.
    private static func parts(of list: String) -> [String] {
        list.split(separator: ",").map { part in
            String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }.filter { !$0.isEmpty }
    }
}
