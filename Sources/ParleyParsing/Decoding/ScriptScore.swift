/// How much a decoded text reads like some script: 1 for ordinary text, below 0 for noise. Only letters above ASCII count.
enum ScriptScore {
    private static let cyrillic = Set("оеаинтсрвлкмдпу".unicodeScalars)
    /// Of Polish, Czech and Turkish.
    private static let centralEuropean = Set("ąćęłńśźżĄĆĘŁŃŚŹŻěščřžůĚŠČŘŽŮşğıİŞĞ".unicodeScalars)
    private static let westernEuropean = Set("éèàùâêîôûçëïüöäßñáíóúÉÄÖÜåæøãõò".unicodeScalars)
    private static let greek = Set("αιοτενσρκπυλάίόέήύώς".unicodeScalars)
    /// Letters that end a word, and with another letter behind them are none.
    private static let finals = Set("ςךםןףץ".unicodeScalars)
    private static let rareGreek = Set("ΐΰϊϋΪΫ".unicodeScalars)

    static func score(_ text: String) -> Double {
        var total = 0.0
        var letters = 0
        var (before, previous): (Unicode.Scalar, Unicode.Scalar) = (" ", " ")
        for scalar in text.unicodeScalars {
            if scalar.value >= 0x80 {
                total += weight(scalar) + join(previous, scalar)
                letters += 1
            } else if isLatin(scalar), previous.value >= 0x370, isLetter(previous) {
                total -= isLatin(before) ? 1.5 : 0.3
            } else if isAlphabet(previous), !isLetter(before), !isLetter(scalar) {
                total -= 0.6
            }
            (before, previous) = (previous, scalar)
        }
        return letters == 0 ? 0 : total / Double(letters)
    }

    private static func weight(_ scalar: Unicode.Scalar) -> Double {
        switch scalar.value {
        case 0x80..<0xA0: -3
        case 0x2010...0x2022, 0x2026, 0x20AC, 0xAB, 0xBB: 0.5
        case 0xC0...0xFF where scalar != "×" && scalar != "÷": westernEuropean.contains(scalar) ? 0.73 : 0.2
        case 0xA0: 0.25
        case 0xA1..<0xC0: 0.1
        case 0x100...0x17F: centralEuropean.contains(scalar) ? 0.72 : 0.55
        case 0x386...0x3CE: greek.contains(scalar) ? 1 : rareGreek.contains(scalar) ? 0 : 0.65
        case 0x42A, 0x42B, 0x42C: -0.5
        case 0x410...0x42F: 0.35
        case 0x430...0x44F: cyrillic.contains(scalar) ? 1 : 0.55
        case 0x401, 0x451, 0x404, 0x406, 0x407, 0x454, 0x456, 0x457: 0.4
        case 0x5D0...0x5EA: 0.92
        case 0x621...0x64A: 0.75
        case 0x3001, 0x3002, 0x300C, 0x300D, 0xFF0C, 0xFF01, 0xFF1F, 0xFF1A: 0.9
        case 0x3041...0x3093: 1.1
        case 0x30A1...0x30FC: 0.9
        case 0xAC00...0xD7A3: CommonCharacters.hangul.contains(scalar) ? 1.3 : 0.1
        case 0x4E00...0x9FFF: CommonCharacters.han.contains(scalar) ? 1.2 : 0.1
        case 0xFF10...0xFF5A: 0.5
        case 0xFF61...0xFF9F: -0.1
        case 0xE000...0xF8FF, 0xFFFD: -3
        case 0x2500...0x259F: -1
        default: -0.5
        }
    }

    /// How two neighbours fit: mixed scripts, a capital after a small letter and a letter after a final form do not.
    private static func join(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Double {
        if finals.contains(first), isLetter(second) { return -1.5 }
        if isAlphabet(first), (0xA1..<0x180).contains(second.value) { return -1 }
        let secondIsWide = second.value >= 0x370 && second.value < 0x700
        if isLatin(first) && secondIsWide { return -0.5 }
        if isLatin(first) && second.value >= 0x3400 { return -0.15 }
        guard secondIsWide || (0xC0...0x17F).contains(second.value), isLetter(first) else { return 0 }
        return first.properties.isLowercase && second.properties.isUppercase ? -0.8 : 0
    }

    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        (0x41...0x5A).contains(scalar.value) || (0x61...0x7A).contains(scalar.value)
    }

    /// Of a script whose words have several letters.
    private static func isAlphabet(_ scalar: Unicode.Scalar) -> Bool { (0x370..<0x700).contains(scalar.value) }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic }
}
