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

    @Test func weakPasswordsAreRefused() {
        for password in ["", "short", "aaaaaaaaaaaa", "ada@example.com", String(repeating: "abcd", count: 60)] {
            #expect(PasswordPolicy.objection(to: password, email: "ada@example.com") != nil, "\(password)")
        }
        for password in ["seven ships", "пароль-пароль", "🎉🎈🎂🎁🎀🎊🎃🎄🎆🎇"] {
            #expect(PasswordPolicy.objection(to: password, email: "ada@example.com") == nil, "\(password)")
        }
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
