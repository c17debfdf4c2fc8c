import ParleyIndex
import Testing

@Suite struct TextLanguageTests {
    @Test(arguments: [
        ("en", "Where is the cable car's upper station, and when does it close for maintenance?"),
        ("de", "Wo liegt die Bergstation der Seilbahn, und wann wird sie zur Wartung geschlossen?"),
        ("fr", "Où se trouve la station supérieure du téléphérique et quand est-elle fermée pour entretien ?"),
        ("es", "¿Dónde está la estación superior del teleférico y cuándo se cierra por mantenimiento?"),
        ("ru", "Где находится верхняя станция канатной дороги и когда её закрывают на обслуживание?"),
        ("el", "Πού βρίσκεται ο επάνω σταθμός του τελεφερίκ;"), ("ar", "أين تقع المحطة العليا للتلفريك ومتى تغلق للصيانة؟"),
        ("th", "สถานีบนของกระเช้าลอยฟ้าอยู่ที่ไหน"), ("ja", "ロープウェイの上の駅はどこにありますか。"), ("ko", "케이블카의 위쪽 역은 어디에 있습니까?"),
    ]) func sentencesTellTheirLanguage(code: String, text: String) {
        #expect(TextLanguage(of: text)?.code == code)
    }

    @Test(arguments: ["", " ", "42", "ERR_CONN-42", "\0\0", "🚡🚡", String(repeating: "\u{301}", count: 10_000)])
    func whatHasNoLanguageIsLeftOpen(text: String) {
        #expect(TextLanguage(of: text) == nil)
    }

    @Test func longTextsAreToldByTheirBeginning() {
        let text = String(repeating: "Die Seilbahn wird im Frühjahr gewartet. ", count: 200_000)
        #expect(TextLanguage(of: text)?.code == "de")
    }

    @Test func aCollectionHasOneLanguageOrNone() {
        let german = "Die Bergstation der Seilbahn wird im Frühjahr gewartet und ist dann geschlossen."
        let english = "The upper station of the cable car is closed for maintenance in spring."
        let tally = LanguageTally()
        #expect(tally.only == nil)
        tally.add(Array(repeating: german, count: 9) + ["42"])
        #expect(tally.only?.code == "de")
        tally.add([english])
        #expect(tally.only?.code == "de", "nine in ten")
        tally.add([english])
        #expect(tally.only == nil)
    }
}
