/// How much a decoded text reads like some script: 1 for ordinary text, below 0 for noise. Only letters above ASCII count.
enum ScriptScore {
    private static let han = Set(
        "的一是不了在人有我他這这個个們们中來来上大為为和國国地到以說说時时要就出會会可也你對对生能而子那得於于著着下自之年過过發发後后作裡里日本語语文字学學習习明天行事用方法高小長长東东京北南西新水火木金土山川田車车電电話话書书見见見聞问問題无無所成開开動动同"
            .unicodeScalars)
    private static let cyrillic = Set("оеаинтсрвлкмдпу".unicodeScalars)

    private static let greek = Set("αιοτενσρκπυλάίόέήύώς".unicodeScalars)

    static func score(_ text: String) -> Double {
        var total = 0.0
        var letters = 0
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if scalar.value >= 0x80 {
                total += weight(scalar) + join(previous, scalar)
                letters += 1
            } else if isLatin(scalar), previous.value >= 0x370, isLetter(previous) {
                total -= 0.3
            }
            previous = scalar
        }
        return letters == 0 ? 0 : total / Double(letters)
    }

    private static func weight(_ scalar: Unicode.Scalar) -> Double {
        switch scalar.value {
        case 0x80..<0xA0: -3
        case 0x2010...0x2022, 0x2026, 0x20AC, 0xA0, 0xAB, 0xBB: 0.5
        case 0xC0...0xFF where scalar != "×" && scalar != "÷": latin1(scalar)
        case 0xA1..<0xC0: 0.1
        case 0x100...0x17F: 0.55
        case 0x391...0x3CE: greek.contains(scalar) ? 1 : 0.65
        case 0x42A, 0x42B, 0x42C: -0.5
        case 0x410...0x42F: 0.35
        case 0x430...0x44F: cyrillic.contains(scalar) ? 1 : 0.55
        case 0x401, 0x451, 0x404, 0x406, 0x407, 0x454, 0x456, 0x457: 0.4
        case 0x5D0...0x5EA: 0.8
        case 0x621...0x64A: 0.75
        case 0x3001, 0x3002, 0x300C, 0x300D, 0xFF0C, 0xFF01, 0xFF1F, 0xFF1A: 0.9
        case 0x3041...0x3093: 1.1
        case 0x30A1...0x30FC: 0.9
        case 0xAC00...0xD7A3: 0.85
        case 0x4E00...0x9FFF: han.contains(scalar) ? 1.2 : 0.45
        case 0xFF10...0xFF5A: 0.5
        case 0xFF61...0xFF9F: -0.1
        case 0xE000...0xF8FF, 0xFFFD: -3
        case 0x2500...0x259F: -0.4
        default: -0.5
        }
    }

    private static func latin1(_ scalar: Unicode.Scalar) -> Double {
        "éèàùâêîôûçëïüöäßñáíóúÉÄÖÜåæøãõ".unicodeScalars.contains(scalar) ? 0.7 : 0.2
    }

    /// How two neighbours fit: mixed scripts and a capital after a small letter do not.
    private static func join(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Double {
        let secondIsWide = second.value >= 0x370 && second.value < 0x700
        if isLatin(first) && secondIsWide { return -0.5 }
        if isLatin(first) && second.value >= 0x3400 { return -0.15 }
        guard secondIsWide || (0xC0...0x17F).contains(second.value), isLetter(first) else { return 0 }
        return first.properties.isLowercase && second.properties.isUppercase ? -0.8 : 0
    }

    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        (0x41...0x5A).contains(scalar.value) || (0x61...0x7A).contains(scalar.value)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic }
}
