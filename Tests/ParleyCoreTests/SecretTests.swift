import ParleyCore
import Testing

@Suite struct SecretTests {
    @Test func neverShowsItself() {
        let secret = Secret("hunter2-hunter2")
        var dumped = ""
        dump(["key": secret], to: &dumped)
        for text in ["\(secret)", String(describing: secret), String(reflecting: secret), String(describing: [secret]), dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(secret.revealed == "hunter2-hunter2")
    }

    @Test func compares() {
        #expect(Secret("abc") == Secret("abc"))
        #expect(Secret("abc") != Secret("abd"))
        #expect(Secret("abc") != Secret("abcd"))
    }

    @Test(arguments: [
        "", "short", "changeme", "password123", "Password12345678", "aaaaaaaaaaaaaaaaaaaa", "abababababababababab", "1234567890123456",
        "abcdefghijklmnopqrst", "SuperSecret",
    ])
    func refusesWeak(text: String) { #expect(Secret(text).weakness != nil) }

    @Test(arguments: ["kT9vQ2mX7pL4wZ8n", "correct horse battery staple", "5f0c1d9a7b3e4826"])
    func acceptsStrong(text: String) { #expect(Secret(text).weakness == nil) }
}
