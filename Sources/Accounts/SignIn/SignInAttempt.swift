import ParleyCore

/// Who tries to sign in, from where.
public struct SignInAttempt: Sendable {
    let email: String
    let password: String
    /// The token of a device that somebody has signed in with before.
    let device: String?
    /// The network address; nil where there is none.
    let remoteAddress: String?

    public init(email: String, password: String, device: String? = nil, remoteAddress: String? = nil) {
        (self.email, self.password) = (AccountService.normalize(email: email), password)
        (self.device, self.remoteAddress) = (device, remoteAddress)
    }

    var deviceHash: String? { device.map(Token.hash) }

    /// What failures are counted of. A known device counts on its own, so that nobody else can shut it out.
    func subjects(isKnownDevice: Bool) -> Subjects {
        let person = isKnownDevice ? deviceHash.map { "device:" + $0 } : nil
        return Subjects(person: person ?? Self.account(email), address: remoteAddress.map { "address:" + $0.shortened(to: 64) })
    }

    /// By a hash: people type all kinds of things where their address belongs, passwords among them.
    static func account(_ email: String) -> String { "account:" + Token.hash(email) }

    struct Subjects: Sendable {
        let person: String
        let address: String?

        var all: [String] { [person] + (address.map { [$0] } ?? []) }
    }
}
