/// Text that people, terminals and logs are shown and that somebody else wrote: without characters that are not seen but act. Control
/// characters steer terminals and forge lines of a log; characters that set the direction make `exe.pdf` of `fdp.exe`; those without a
/// width make two names look the same.
public enum ShownText {
    /// A name or title: one line, spaces at its ends and doubled ones left out.
    public static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isHidden($0) || isJoiner($0) || $0.properties.isWhitespace }) else { return text }
        return cleaned(text) { $0.properties.isWhitespace }.split(separator: " ").joined(separator: " ")
    }

    /// A text of many lines: line feeds and tabs stay.
    public static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isHidden($0) || isJoiner($0) }) else { return text }
        return cleaned(text) { $0 != "\n" && $0 != "\t" && $0.properties.generalCategory == .control && $0.properties.isWhitespace }
    }

    /// - Parameter becomesSpace: what a space stands for; what is hidden otherwise is left out.
    private static func cleaned(_ text: String, becomesSpace: (Unicode.Scalar) -> Bool) -> String {
        var result = String.UnicodeScalarView()
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        while let scalar = next {
            next = scalars.next()
            if becomesSpace(scalar) || scalar == "\u{2028}" || scalar == "\u{2029}" {
                result.append(" ")
            } else if isJoiner(scalar) {
                // Joiners shape letters and make up emoji; beside anything else they only hide.
                if let last = result.last, let following = next, joins(last), joins(following) { result.append(scalar) }
            } else if !isHidden(scalar) || scalar == "\n" || scalar == "\t" {
                result.append(scalar)
            }
        }
        return String(result)
    }

    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool { scalar == "\u{200C}" || scalar == "\u{200D}" }

    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.isASCII && !isHidden(scalar) && !isJoiner(scalar) && !scalar.properties.isWhitespace
    }

    /// Controls (C0, C1), line and paragraph separators, what sets the direction (UAX #9), what has no width, and tags.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00..<0x20, 0x7F..<0xA0, 0xAD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }
}
