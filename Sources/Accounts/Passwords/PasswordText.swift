import Foundation

/// The form in which passwords are compared: `OpaqueString` of RFC 8265. Every space becomes U+0020, and what can be written in several
/// ways (`é` as one character or two) is written in one (NFC). Case and width stay.
enum PasswordText {
    static func normalized(_ password: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in password.unicodeScalars { text.append(scalar.properties.generalCategory == .spaceSeparator ? " " : scalar) }
        return String(text).precomposedStringWithCanonicalMapping
    }

    /// What may have been hashed: the normalised form, and the password as it came, for hashes from before passwords were normalised.
    static func forms(_ password: String) -> [[UInt8]] {
        let (normal, plain) = (Array(normalized(password).utf8), Array(password.utf8))
        return normal == plain ? [normal] : [normal, plain]
    }
}
