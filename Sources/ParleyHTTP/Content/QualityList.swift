/// A header of values with weights, such as `Accept: text/csv, */*;q=0.1` (RFC 9110 §12.4.2).
struct QualityList: Sendable {
    struct Item: Sendable {
        /// In lower case, without parameters.
        let value: String
        /// From 0 (not acceptable) to 1.
        let quality: Double
    }

    let items: [Item]

    init(_ header: String) {
        items = header.split(separator: ",").prefix(100).compactMap { part in
            let pieces = part.split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmingSpaces.lowercased() }
            guard let value = pieces.first, !value.isEmpty else { return nil }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
            return Item(value: value, quality: min(max(weight ?? 1, 0), 1))
        }
    }

    /// How welcome a media type is: the most specific range that holds it decides.
    func quality(ofMediaType type: String) -> Double {
        let family = type.prefix { $0 != "/" } + "/*"
        for range in [type, String(family), "*/*"] {
            if let item = items.first(where: { $0.value == range }) { return item.quality }
        }
        return 0
    }

    /// How welcome a content coding is; `standard` when neither it nor `*` is named.
    func quality(ofCoding coding: String, standard: Double = 0) -> Double {
        for name in [coding, "*"] {
            if let item = items.first(where: { $0.value == name }) { return item.quality }
        }
        return standard
    }
}
