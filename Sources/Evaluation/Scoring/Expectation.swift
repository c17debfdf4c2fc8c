import Foundation

/// A place where a question's answer stands.
public struct ExpectedPlace: Sendable, Hashable, Codable {
    /// The document's name, with or without what follows its last dot.
    public var document: String
    /// How good an answer it is, relevant from 1 on.
    public var gain: Int
    /// The document's own words; nil when the whole document counts.
    public var quote: String?
    /// From 1; nil where the format has no pages, or nobody said.
    public var page: Int?

    public init(document: String, gain: Int = 1, quote: String? = nil, page: Int? = nil) {
        (self.document, self.gain, self.quote, self.page) = (document, gain, quote, page)
    }

    func isOf(_ name: String) -> Bool { document == name || document == Self.stem(name) }

    static func stem(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }
}

/// What is known of a question's answer.
public struct Expectation: Sendable, Hashable {
    /// Whether the documents hold the answer; nil when nobody has said, and then nothing is measured but time.
    public let isAnswerable: Bool?
    /// Alternatives with the same words count as one.
    public let places: [ExpectedPlace]

    public init(isAnswerable: Bool?, places: [ExpectedPlace]) { (self.isAnswerable, self.places) = (isAnswerable, places) }

    var judgements: [String: Int] { Dictionary(places.map { ($0.document, $0.gain) }, uniquingKeysWith: max) }

    /// The expected name that stands for this document; its own when it is not expected.
    func name(of document: String) -> String { places.first { $0.isOf(document) }?.document ?? document }

    func expects(_ document: String) -> Bool { places.contains { $0.gain > 0 && $0.isOf(document) } }

    /// Each wording of the answer with the places that have it.
    var quotes: [(words: String, places: [ExpectedPlace])] {
        var order: [String] = []
        var places: [String: [ExpectedPlace]] = [:]
        for place in self.places {
            guard let quote = place.quote else { continue }
            if places[quote] == nil { order.append(quote) }
            places[quote, default: []].append(place)
        }
        return order.map { ($0, places[$0] ?? []) }
    }
}
