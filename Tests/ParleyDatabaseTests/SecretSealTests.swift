import ParleyCore
import ParleyDatabase
import Testing

@Suite struct SecretSealTests {
    private let seal = SecretSeal(installation: Secret("an installation's key, long enough"), purpose: "tests")

    @Test func whatIsSealedOpensInItsPlaceAlone() throws {
        let bytes = Array("a quiet river".utf8)
        let sealed = try seal.seal(bytes, for: "row 1")
        #expect(try seal.open(sealed, for: "row 1") == bytes)
        #expect(try seal.seal(bytes, for: "row 1") != sealed, "the same text never looks the same")
        let others = [
            SecretSeal(installation: Secret("another installation's key, also long"), purpose: "tests"),
            SecretSeal(installation: Secret("an installation's key, long enough"), purpose: "other"),
        ]
        for other in others { #expect(throws: ParleyError.self) { try other.open(sealed, for: "row 1") } }
        #expect(throws: ParleyError.self) { try seal.open(sealed, for: "row 2") }
        for broken in [[], Array(sealed.dropLast()), [sealed[0] ^ 1] + sealed.dropFirst()] {
            #expect(throws: ParleyError.self) { try seal.open(broken, for: "row 1") }
        }
    }

    @Test func marksNeedTheKey() {
        #expect(seal.mark("text") == seal.mark("text") && seal.mark("text") != seal.mark("text "))
        #expect(seal.mark("text").utf8.count == 64)
        #expect(
            SecretSeal(installation: Secret("another installation's key, also long"), purpose: "tests").mark("text") != seal.mark("text"))
    }
}
