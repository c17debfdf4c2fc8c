import ParleyCore

/// What a password must be. Length and being hard to guess count; composition rules are for those whose auditor wants them
/// (NIST SP 800-63B).
struct PasswordPolicy: Sendable {
    private let configuration: PasswordConfiguration

    init(_ configuration: PasswordConfiguration = PasswordConfiguration()) { self.configuration = configuration }

    func isLongEnough(_ password: String) -> Bool {
        configuration.length.contains(PasswordText.normalized(password).unicodeScalars.count)
    }

    /// Why the password is refused, each as it stands behind "The password"; empty when it is fine. Costs at most a millisecond.
    func objections(to password: String, name: String, email: String) -> [String] {
        let text = PasswordText.normalized(password)
        let length = configuration.length
        guard length.contains(text.unicodeScalars.count) else {
            return ["must have \(length.lowerBound) to \(length.upperBound) characters"]
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            return ["must not hold control characters"]
        }
        return [kinds(text), own(text, name: name, email: email), guessed(text, name: name, email: email)].compactMap { $0 }
    }

    private func kinds(_ text: String) -> String? {
        guard configuration.kinds > 0 else { return nil }
        let found = Set(text.map { $0.isLowercase ? 0 : $0.isUppercase ? 1 : $0.isNumber ? 2 : 3 })
        guard found.count < configuration.kinds else { return nil }
        return "must hold \(configuration.kinds) of: lower case, upper case, digits, other characters"
    }

    private func own(_ text: String, name: String, email: String) -> String? {
        let folded = text.lowercased()
        guard folded == name.lowercased() || folded.contains(email) else { return nil }
        return "must not be your name or e-mail address"
    }

    private func guessed(_ text: String, name: String, email: String) -> String? {
        guard Set(text).count >= 4 else { return "must have at least four different characters" }
        guard configuration.strength > 0 else { return nil }
        let strength = PasswordStrength(of: text, knowing: Self.words(of: name, email))
        guard !strength.isCommon else { return "is one of the common passwords that attackers try first" }
        guard strength.score < configuration.strength else { return nil }
        return "is too easy to guess. " + (strength.advice ?? "Add another word or two; rare ones are better.")
    }

    /// The words of a name and an address that others know. Bounded, as both are.
    private static func words(of name: String, _ email: String) -> [String] {
        let parts: [Substring] = (name + " " + email).lowercased().split { !$0.isLetter && !$0.isNumber }.filter { $0.count >= 3 }
        return parts.prefix(20).map(String.init) + [email]
    }
}
