/// Undoes the encodings in which mail carries bytes (RFC 2045). Total: what is no such encoding stays as far as it goes.
enum TransferDecoding {
    static func decode(_ bytes: ArraySlice<UInt8>, _ encoding: String) -> [UInt8] {
        switch encoding {
        case "base64": base64(bytes)
        case "quoted-printable": quotedPrintable(bytes)
        default: Array(bytes)
        }
    }

    /// Letters outside of the alphabet are passed over.
    static func base64(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for byte in bytes {
            guard let value = sixBits(byte) else {
                // The end of one encoded text; another may follow.
                if byte == UInt8(ascii: "=") { (bits, count) = (0, 0) }
                continue
            }
            bits = bits << 6 & 0xFFFFFF | value
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(truncatingIfNeeded: count)))
            }
        }
        return result
    }

    private static func sixBits(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte - 0x41)
        case 0x61...0x7A: UInt32(byte - 0x61 + 26)
        case 0x30...0x39: UInt32(byte - 0x30 + 52)
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }

    static func quotedPrintable(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var place = bytes.startIndex
        while place < bytes.endIndex {
            let byte = bytes[place]
            guard byte == UInt8(ascii: "=") else {
                result.append(byte)
                place += 1
                continue
            }
            let rest = bytes[(place + 1)...]
            if rest.count >= 2, let high = hex(rest[place + 1]), let low = hex(rest[place + 2]) {
                result.append(high << 4 | low)
                place += 3
            } else if let end = softEnd(rest) {
                place = end
            } else {
                result.append(byte)
                place += 1
            }
        }
        return result
    }

    /// The place behind blanks and a line's end, which a `=` before them takes away.
    private static func softEnd(_ rest: ArraySlice<UInt8>) -> Int? {
        let end = rest.prefix(80).firstIndex { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
        guard let end else { return rest.count < 80 ? rest.endIndex : nil }
        return rest[end] == 0x0A ? end + 1 : nil
    }

    static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
