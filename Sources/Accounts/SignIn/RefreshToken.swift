import Crypto
import Foundation

/// A session's refresh token: 128 random bits that are the same for all tokens of the session, its family, and behind them 256 that are
/// new in each. So a token that was used before is known again however long ago that was, with no list of them; and nobody who has
/// never held a token of the family can name it.
struct RefreshToken: Sendable {
    let text: String
    /// Of the whole.
    var hash: String { Token.hash(text) }
    /// Of what the whole family shares.
    var familyHash: String { Token.hash(family) }

    /// 128 bits in base64url.
    private static let familyLength = 22
    private var family: String { String(text.prefix(Self.familyLength)) }

    /// The first of a new family.
    init() { text = Token(size: .bits128).text + Token().text }

    /// One that somebody presents.
    init(_ text: String) { self.text = text }

    /// Another one of the family.
    func next() -> RefreshToken { RefreshToken(family + Token().text) }
}
