/// Tells lines that their author ended, each a record of its own, from lines that a margin broke.
enum RecordLines {
    static func matches(_ all: [String]) -> Bool {
        guard all.count > 1 else { return false }
        let lines = Array(all.prefix(sample))
        return isDelimited(lines) || beginsAlike(lines) || hasLabels(lines) || beginsAnew(lines) || hasColumns(lines)
    }

    /// Lines that tell of all.
    private static let sample = 200

    /// As many cells in each line. Prose has blanks behind its commas, and not as many in each line where each begins anew.
    private static func isDelimited(_ lines: [String]) -> Bool {
        guard lines.count > 2 else { return false }
        let begins = lines.allSatisfy(beginsAnew)
        return [(UInt8(ascii: ","), 2), (UInt8(ascii: ";"), 2), (UInt8(ascii: "|"), 1), (0x09, 1)].contains { sign, least in
            let isProse = sign == UInt8(ascii: ",") || sign == UInt8(ascii: ";")
            return isEven(lines.lazy.map { count(sign, in: $0, tight: isProse) }, least)
                || isProse && begins && isEven(lines.lazy.map { count(sign, in: $0) }, 3)
        }
    }

    private static func isEven(_ counts: some Sequence<Int>, _ least: Int) -> Bool {
        var first: Int?
        for count in counts {
            guard count >= least, count == first ?? count else { return false }
            first = count
        }
        return first != nil
    }

    /// - Parameter tight: only those without a blank behind them.
    private static func count(_ sign: UInt8, in line: String, tight: Bool = false) -> Int {
        var (count, isOpen) = (0, false)
        for byte in line.utf8 {
            if isOpen && !(tight && byte == 0x20) { count += 1 }
            isOpen = byte == sign
        }
        return count + (isOpen ? 1 : 0)
    }

    /// Nearly all begin with a number, a time or a sign of the same form.
    private static func beginsAlike(_ lines: [String]) -> Bool {
        let forms = lines.map(form)
        guard let first = forms.first, first.contains("9") || first.contains(where: { "[<({#@$\"/".contains($0) }) else { return false }
        return forms.count { $0 == first } * 5 >= forms.count * 4
    }

    /// The first word with its digits and letters blanked: `2026-03-01` is `9-9-9`, `[ERROR]` is `[A]`.
    private static func form(_ line: String) -> String {
        var form = ""
        for character in line.drop(while: { $0 == " " || $0 == "\t" }).prefix(40) {
            if character.isWhitespace { break }
            let sign: Character = character.isNumber ? "9" : character.isLetter ? "A" : character
            if form.last != sign { form.append(sign) }
        }
        return form
    }

    /// `Name: Anna`, `port = 8080`.
    private static func hasLabels(_ lines: [String]) -> Bool {
        let labelled = lines.count { line in
            let head = line.unicodeScalars.prefix(40)
            guard let sign = head.firstIndex(where: { $0 == ":" || $0 == "=" }), sign != head.startIndex else { return false }
            let next = line.unicodeScalars.index(after: sign)
            return head[..<sign].filter { $0 == " " }.count <= 3
                && (next == line.unicodeScalars.endIndex || line.unicodeScalars[next] == " ")
        }
        return labelled * 5 >= lines.count * 4
    }

    /// Of a text that a margin broke most lines begin within a sentence, with a small letter.
    private static func beginsAnew(_ lines: [String]) -> Bool { lines.count > 3 && lines.allSatisfy(beginsAnew) }

    private static func beginsAnew(_ line: String) -> Bool {
        let isLetter = { (scalar: Unicode.Scalar) in scalar.properties.isAlphabetic || scalar.properties.numericType != nil }
        guard let first = line.unicodeScalars.first(where: isLetter) else { return true }
        return first.properties.isUppercase || first.properties.numericType != nil
    }

    /// Gaps within the lines, as columns have them.
    private static func hasColumns(_ lines: [String]) -> Bool {
        let gapped = lines.count { line in
            let body = line.utf8.drop { $0 == 0x20 || $0 == 0x09 }
            return zip(body, zip(body.dropFirst(), body.dropFirst(2))).contains { $0 == 0x09 || $0 == 0x20 && $1.0 == 0x20 && $1.1 == 0x20 }
        }
        return gapped * 5 >= lines.count * 3
    }
}
