/// Character references. XML has five names; HTML here those of HTML 4 and a few more. Unknown ones stay as they are.
enum MarkupEntities {
    /// The text of UTF-8 bytes with its references replaced.
    static func decode(_ bytes: ArraySlice<UInt8>, _ dialect: MarkupTokenizer.Dialect) -> String {
        guard bytes.contains(0x26) else { return String(decoding: bytes, as: UTF8.self) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == 0x26, let (scalar, end) = reference(bytes, index + 1, dialect) {
                result.append(contentsOf: String(Character(scalar)).utf8)
                index = end
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The reference whose `&` stands before `start`, and the place after it.
    private static func reference(
        _ bytes: ArraySlice<UInt8>, _ start: Int, _ dialect: MarkupTokenizer.Dialect
    ) -> (Unicode.Scalar, end: Int)? {
        let window = bytes[start..<min(start + 34, bytes.endIndex)]
        let body = window.prefix { $0 == 0x23 || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
        let isClosed = body.endIndex < bytes.endIndex && bytes[body.endIndex] == 0x3B
        guard !body.isEmpty, isClosed || dialect == .html else { return nil }
        let name = String(decoding: body, as: UTF8.self)
        let end = body.endIndex + (isClosed ? 1 : 0)
        if name.hasPrefix("#") { return numeric(name.dropFirst()).map { ($0, end) } }
        guard isClosed || ["nbsp", "amp", "lt", "gt", "quot", "copy"].contains(name) else { return nil }
        let value = dialect == .xml ? xml[name] : html[name]
        return value.flatMap(Unicode.Scalar.init).map { ($0, end) }
    }

    private static func numeric(_ digits: Substring) -> Unicode.Scalar? {
        let isHex = digits.first == "x" || digits.first == "X"
        guard let value = UInt32(isHex ? digits.dropFirst() : digits, radix: isHex ? 16 : 10) else { return nil }
        if (0x80..<0xA0).contains(value) { return CharsetConverter.windows1252([UInt8(value)]).unicodeScalars.first }
        return value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    private static let xml: [String: UInt32] = ["amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27]

    private static let html: [String: UInt32] = Dictionary(
        table.split(separator: " ").compactMap { entry in
            let parts = entry.split(separator: ":")
            guard parts.count == 2, let value = UInt32(parts[1], radix: 16) else { return nil }
            return (String(parts[0]), value)
        }
    ) { first, _ in first }

    /// Name and code point in hexadecimal (HTML 4.01, section 24).
    private static let table = """
        AElig:C6 Aacute:C1 Acirc:C2 Agrave:C0 Alpha:391 Aring:C5 Atilde:C3 Auml:C4 Beta:392 Ccedil:C7 Chi:3A7 Dagger:2021 Delta:394 \
        ETH:D0 Eacute:C9 Ecirc:CA Egrave:C8 Epsilon:395 Eta:397 Euml:CB Gamma:393 Iacute:CD Icirc:CE Igrave:CC Iota:399 Iuml:CF \
        Kappa:39A Lambda:39B Mu:39C Ntilde:D1 Nu:39D OElig:152 Oacute:D3 Ocirc:D4 Ograve:D2 Omega:3A9 Omicron:39F Oslash:D8 Otilde:D5 \
        Ouml:D6 Phi:3A6 Pi:3A0 Prime:2033 Psi:3A8 Rho:3A1 Scaron:160 Sigma:3A3 THORN:DE Tau:3A4 Theta:398 Uacute:DA Ucirc:DB \
        Ugrave:D9 Upsilon:3A5 Uuml:DC Xi:39E Yacute:DD Yuml:178 Zeta:396 aacute:E1 acirc:E2 acute:B4 aelig:E6 agrave:E0 alefsym:2135 \
        alpha:3B1 amp:26 and:2227 ang:2220 apos:27 aring:E5 asymp:2248 atilde:E3 auml:E4 bdquo:201E beta:3B2 brvbar:A6 bull:2022 \
        cap:2229 ccedil:E7 cedil:B8 cent:A2 check:2713 chi:3C7 circ:2C6 clubs:2663 cong:2245 copy:A9 crarr:21B5 cup:222A curren:A4 \
        dArr:21D3 dagger:2020 darr:2193 deg:B0 delta:3B4 diams:2666 divide:F7 eacute:E9 ecirc:EA egrave:E8 empty:2205 emsp:2003 \
        ensp:2002 epsilon:3B5 equiv:2261 eta:3B7 eth:F0 euml:EB euro:20AC exist:2203 fnof:192 forall:2200 frac12:BD frac14:BC \
        frac34:BE frasl:2044 gamma:3B3 ge:2265 gt:3E hArr:21D4 harr:2194 hearts:2665 hellip:2026 hyphen:2010 iacute:ED icirc:EE \
        iexcl:A1 igrave:EC image:2111 infin:221E int:222B iota:3B9 iquest:BF isin:2208 iuml:EF kappa:3BA lArr:21D0 lambda:3BB \
        lang:2329 laquo:AB larr:2190 lceil:2308 ldquo:201C le:2264 lfloor:230A lowast:2217 loz:25CA lrm:200E lsaquo:2039 lsquo:2018 \
        lt:3C macr:AF mdash:2014 micro:B5 middot:B7 minus:2212 mu:3BC nabla:2207 nbsp:A0 ndash:2013 ne:2260 ni:220B not:AC notin:2209 \
        nsub:2284 ntilde:F1 nu:3BD oacute:F3 ocirc:F4 oelig:153 ograve:F2 oline:203E omega:3C9 omicron:3BF oplus:2295 or:2228 ordf:AA \
        ordm:BA oslash:F8 otilde:F5 otimes:2297 ouml:F6 para:B6 part:2202 permil:2030 perp:22A5 phi:3C6 phone:260E pi:3C0 piv:3D6 \
        plusmn:B1 pound:A3 prime:2032 prod:220F prop:221D psi:3C8 quot:22 rArr:21D2 radic:221A rang:232A raquo:BB rarr:2192 \
        rceil:2309 rdquo:201D real:211C reg:AE rfloor:230B rho:3C1 rlm:200F rsaquo:203A rsquo:2019 sbquo:201A scaron:161 sdot:22C5 \
        sect:A7 shy:AD sigma:3C3 sigmaf:3C2 sim:223C spades:2660 star:2606 sub:2282 sube:2286 sum:2211 sup:2283 sup1:B9 sup2:B2 \
        sup3:B3 supe:2287 szlig:DF tau:3C4 there4:2234 theta:3B8 thetasym:3D1 thinsp:2009 thorn:FE tilde:2DC times:D7 trade:2122 \
        uArr:21D1 uacute:FA uarr:2191 ucirc:FB ugrave:F9 uml:A8 upsih:3D2 upsilon:3C5 uuml:FC weierp:2118 xi:3BE yacute:FD yen:A5 \
        yuml:FF zeta:3B6 zwj:200D zwnj:200C \
        ast:2A bbrk:23B5 bigstar:2605 bullet:2022 centerdot:B7 check:2713 checkmark:2713 colon:3A comma:2C commat:40 cross:2717 dollar:24 \
        downarrow:2193 emptyset:2205 equals:3D excl:21 female:2640 frac13:2153 frac15:2155 frac18:215B frac23:2154 frac38:215C \
        frac58:215D frac78:215E ge:2265 geq:2265 grave:60 half:BD hbar:210F horbar:2015 hearts:2665 iff:21D4 Implies:21D2 in:2208 \
        lbrace:7B lbrack:5B lcub:7B ldquor:201E leftarrow:2190 leq:2264 lowbar:5F lpar:28 lsqb:5B male:2642 Map:2905 nbsp:A0 neq:2260 \
        newline:A NewLine:A notin:2209 num:23 numero:2116 ohm:3A9 percnt:25 period:2E plus:2B pm:B1 quest:3F rbrace:7D rbrack:5D rcub:7D \
        rightarrow:2192 Rightarrow:21D2 rpar:29 rsqb:5D semi:3B sol:2F square:25A1 squ:25A1 star:2606 starf:2605 Tab:9 telrec:2315 \
        times:D7 uparrow:2191 verbar:7C vert:7C Vert:2016 VerticalLine:7C Zcaron:17D zcaron:17E Ccaron:10C ccaron:10D Lstrok:141 lstrok:142 \
        eogon:119 Eogon:118 aogon:105 Aogon:104 cacute:107 Cacute:106 nacute:144 sacute:15B Sacute:15A zacute:17A zdot:17C Zdot:17B \
        ecaron:11B rcaron:159 uring:16F odblac:151 udblac:171 gbreve:11F Gbreve:11E inodot:131 Idot:130 scedil:15F Scedil:15E
        """
}
