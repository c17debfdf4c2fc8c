import ParleyCore
import Testing

@testable import Accounts

@Suite struct PasswordTests {
    @Test func aHashVerifiesItsPasswordAlone() async throws {
        let hasher = PasswordHasher()
        let hash = try await hasher.hash("a löng and quiet river")
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(try await hasher.verify("a löng and quiet river", against: hash))
        #expect(try await hasher.verify("a long and quiet river", against: hash) == false)
        #expect(try await hasher.verify("a löng and quiet river", against: nil) == false)
        #expect(try await hasher.verify("anything", against: "no hash") == false)
        #expect(try await hasher.hash("a löng and quiet river") != hash, "every hash has its own salt")
    }

    @Test func nobodyTakesAsLongAsSomebody() async throws {
        let hasher = PasswordHasher()
        let hash = try await hasher.hash("a long and quiet river")
        let clock = ContinuousClock()
        let known = try await clock.measure { for _ in 0..<5 { _ = try await hasher.verify("wrong", against: hash) } }
        let unknown = try await clock.measure { for _ in 0..<5 { _ = try await hasher.verify("wrong", against: nil) } }
        #expect(unknown > known / 10, "an unknown address costs the same work")
    }

    private func objections(_ password: String, _ change: (inout PasswordConfiguration) -> Void = { _ in }) -> [String] {
        var configuration = PasswordConfiguration()
        change(&configuration)
        return PasswordPolicy(configuration).objections(to: password, name: "Ada Lovelace", email: "ada@example.com")
    }

    @Test func weakPasswordsAreRefusedWithAReason() {
        for (password, reason) in [
            ("", "12 to 128"), ("seven ships", "12 to 128"), (String(repeating: "quiet river ", count: 12), "12 to 128"),
            ("aaaaaaaaaaaa", "four different"), ("Ada Lovelace", "your name"), ("my ada@example.com", "e-mail address"),
            ("a long and\u{0}quiet river", "control characters"), ("passwordpassword", "repeated words"), ("password1234", "too easy"),
            ("P@ssw0rd2020", "too easy"), ("qwertyuiop[]", "too easy"), ("abcdefghijkl", "sequences"), ("lovelace1815", "your name"),
        ] {
            let found = objections(password)
            #expect(found.contains { $0.contains(reason) }, "\(password): \(found)")
        }
        for password in ["seven ships at anchor", "пароль и якорь", "🎉🎈🎂🎁🎀🎊🎃🎄🎆🎇🎋🎍", "Zq4!xw7Rt0#p"] {
            #expect(objections(password) == [], "\(password)")
        }
    }

    @Test func aCommonPasswordIsCalledCommon() {
        #expect(objections("basketball") { $0.length = 8...64 }.contains { $0.contains("common passwords") })
    }

    @Test func rulesAreSettings() {
        #expect(objections("seven ships") { $0.length = 8...128 } == [])
        #expect(objections("password1234") { $0.strength = 0 } == [])
        #expect(objections("seven ships at anchor") { $0.kinds = 3 }.contains { $0.contains("must hold 3 of") })
        #expect(objections("Seven ships at anchor 7") { $0.kinds = 4 } == [])
    }

    /// Long inputs of every kind stay cheap: the policy is asked before anything else is known of the caller.
    @Test func strengthIsToldInLittleTime() {
        let clock = ContinuousClock()
        for unit in ["a", "ab", "password1", "é", "🎉", "qwerty", "1990", "p@ss"] {
            let password = String(String(repeating: unit, count: 200).prefix(200))
            let time = clock.measure { _ = PasswordStrength(of: password, knowing: ["ada", "lovelace"]) }
            #expect(time < .milliseconds(250), "\(unit): \(time)")
        }
    }

    @Test func waysToWriteAPasswordAreOne() async throws {
        let hasher = PasswordHasher()
        let hash = try await hasher.hash("caf\u{E9} au\u{A0}lait, sans sucre")
        #expect(try await hasher.verify("cafe\u{301} au lait, sans sucre", against: hash))
        #expect(try await hasher.verify("Cafe\u{301} au lait, sans sucre", against: hash) == false)
    }

    @Test func aHashOfAnotherCostIsOutdated() async throws {
        var configuration = PasswordConfiguration()
        let hash = try await PasswordHasher(configuration).hash("seven ships at anchor")
        #expect(PasswordHasher(configuration).isOutdated(hash) == false)
        configuration.memory = .mib(8)
        configuration.passes = 3
        let other = PasswordHasher(configuration)
        #expect(other.isOutdated(hash))
        #expect(try await other.verify("seven ships at anchor", against: hash), "a hash names its own cost")
        #expect(try await other.hash("seven ships at anchor").hasPrefix("$argon2id$v=19$m=8192,t=3,p=1$"))
    }

    @Test func tokensAreLongRandomAndStoredAsHashes() {
        let tokens = (0..<100).map { _ in Token() }
        #expect(Set(tokens.map(\.text)).count == 100)
        #expect(tokens.allSatisfy { $0.text.count == 43 && $0.text.allSatisfy { $0.isASCII && $0 != "+" && $0 != "/" && $0 != "=" } })
        #expect(Token.hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func addressesAreComparedWithoutCaseAndSpace() {
        #expect(AccountService.normalize(email: "  Ada@Example.COM\n") == "ada@example.com")
    }
}
