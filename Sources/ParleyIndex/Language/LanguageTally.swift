import Synchronization

/// The language that nearly all of a collection is in, told by the first texts that come in.
public final class LanguageTally: Sendable {
    private static let enough = 500

    private struct Counts {
        var texts = 0
        var byLanguage: [TextLanguage: Int] = [:]
    }

    private let counts = Mutex(Counts())

    public init() {}

    /// Looks at as many of these texts as are still wanted.
    public func add(_ texts: [String]) {
        let wanted = counts.withLock { max(0, Self.enough - $0.texts) }
        let sample = texts.prefix(wanted)  // fits: 0 at least
        let told = sample.compactMap { TextLanguage(of: $0) }
        counts.withLock { counts in
            counts.texts += sample.count
            for language in told { counts.byLanguage[language, default: 0] += 1 }
        }
    }

    /// The language whose endings are taken off: the texts' own, or English where they are in several.
    public var stemming: TextLanguage { only ?? .english }

    /// The language of nine texts in ten whose language can be told; nil when there is none such.
    public var only: TextLanguage? {
        counts.withLock { counts in
            let total = counts.byLanguage.values.reduce(0, +)
            return counts.byLanguage.first { $0.value * 10 >= total * 9 }?.key
        }
    }
}
