import Glibc

/// Decodes legacy encodings by the C library's `iconv`; what does not fit becomes U+FFFD.
enum CharsetConverter {
    static func knows(_ charset: String) -> Bool { use(charset) { _ in true } ?? false }

    /// - Returns: the text, and how many bytes did not fit. An unknown encoding is read as Windows-1252.
    static func decode(_ bytes: [UInt8], from charset: String) -> (text: String, losses: Int) {
        if charset == "windows-1252" { return (windows1252(bytes), 0) }
        return use(charset) { convert(bytes, $0) } ?? (windows1252(bytes), 0)
    }

    private static func use<T>(_ charset: String, _ body: (iconv_t) -> T) -> T? {
        guard let converter = iconv_open("UTF-8", systemName(charset)), converter != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(converter) }
        return body(converter)
    }

    private static func systemName(_ charset: String) -> String {
        switch charset {
        case "shift_jis": "CP932"
        case "euc-kr": "CP949"
        case "big5": "BIG5-HKSCS"
        case "euc-jp": "EUC-JP-MS"
        default: charset.uppercased()
        }
    }

    private static func convert(_ bytes: [UInt8], _ converter: iconv_t) -> (String, Int) {
        var input = bytes.map { CChar(bitPattern: $0) }
        var output: [UInt8] = []
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        var losses = 0
        input.withUnsafeMutableBufferPointer { source in
            var next = source.baseAddress
            var left = source.count
            while left > 0 {
                let before = left
                let (produced, failure) = step(converter, &next, &left, &buffer)
                output.append(contentsOf: buffer.prefix(produced).map { UInt8(bitPattern: $0) })
                guard failure != 0 else { continue }
                if failure == E2BIG, left < before || produced > 0 { continue }
                output.append(contentsOf: [0xEF, 0xBF, 0xBD])
                losses += 1
                next = next.map { $0 + 1 }
                left -= 1
            }
            // Where letters and the marks behind them are separate, the last letter waits for a mark.
            var (end, none) = (UnsafeMutablePointer<CChar>?.none, 0)
            let (produced, _) = step(converter, &end, &none, &buffer)
            output.append(contentsOf: buffer.prefix(produced).map { UInt8(bitPattern: $0) })
        }
        return (String(decoding: output, as: UTF8.self), losses)
    }

    /// One call of `iconv`: how many bytes it wrote, and `errno` when it stopped early.
    private static func step(
        _ converter: iconv_t, _ next: inout UnsafeMutablePointer<CChar>?, _ left: inout Int, _ buffer: inout [CChar]
    ) -> (produced: Int, failure: Int32) {
        buffer.withUnsafeMutableBufferPointer { target in
            var out = target.baseAddress
            var room = target.count
            let result = iconv(converter, &next, &left, &out, &room)
            // Stateful encodings of the C library have been seen to give back more room than there was.
            return (max(0, target.count - room), result == -1 ? errno : 0)
        }
    }

    /// Total: the five bytes without a character map to the C1 controls, as in the WHATWG Encoding Standard.
    static func windows1252(_ bytes: [UInt8]) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.reserveCapacity(bytes.count)
        for byte in bytes {
            scalars.append((0x80..<0xA0).contains(byte) ? upper1252[Int(byte) - 0x80] : Unicode.Scalar(byte))
        }
        return String(scalars)
    }

    /// Bytes 0x80 to 0x9F.
    private static let upper1252: [Unicode.Scalar] = Array(
        "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)
}
