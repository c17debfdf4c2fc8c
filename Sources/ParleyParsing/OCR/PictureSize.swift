import ParleyCore

/// How large a picture is, by its head, before anything unpacks it.
struct PictureSize: Equatable {
    let width: Int
    let height: Int

    /// Most pixels of a picture that is a document: those that the memory for one has room for, in all the forms that Tesseract makes of it.
    static func mostPixels(_ limits: ParsingLimits) -> Int { limits.memory / 14 }

    var pixels: Int { width.multipliedClamped(by: height) }

    /// The sizes of the pages of a picture file; empty when its head is no such picture's.
    static func pages(_ bytes: [UInt8], as type: String) -> [PictureSize] {
        switch type {
        case "image/png": one(png(bytes))
        case "image/jpeg": one(jpeg(bytes))
        case "image/webp": one(webp(bytes))
        case "image/tiff": TIFFPages(bytes)?.sizes ?? []
        default: []
        }
    }

    private static func one(_ size: PictureSize?) -> [PictureSize] { size.map { [$0] } ?? [] }

    private static func png(_ bytes: [UInt8]) -> PictureSize? {
        guard let width = bytes.number(at: 16, 4, isLittle: false), let height = bytes.number(at: 20, 4, isLittle: false),
            bytes[12..<16].elementsEqual("IHDR".utf8)
        else { return nil }
        return PictureSize(width: width, height: height)
    }

    /// The first frame's head (`SOF`), behind segments that each tell their length.
    private static func jpeg(_ bytes: [UInt8]) -> PictureSize? {
        var place = 2
        while place + 4 <= bytes.count {
            guard bytes[place] == 0xFF else { return nil }
            let mark = bytes[place + 1]
            if mark == 0xFF || mark == 0x01 || (0xD0...0xD8).contains(mark) {
                place += mark == 0xFF ? 1 : 2
                continue
            }
            guard let length = bytes.number(at: place + 2, 2, isLittle: false), length >= 2 else { return nil }
            if (0xC0...0xCF).contains(mark), ![0xC4, 0xC8, 0xCC].contains(mark) {
                guard let height = bytes.number(at: place + 5, 2, isLittle: false),
                    let width = bytes.number(at: place + 7, 2, isLittle: false)
                else { return nil }
                return PictureSize(width: width, height: height)
            }
            place += 2 + length
        }
        return nil
    }

    private static func webp(_ bytes: [UInt8]) -> PictureSize? {
        guard bytes.count >= 30 else { return nil }
        switch String(decoding: bytes[12..<16], as: UTF8.self) {
        case "VP8 ":
            guard let width = bytes.number(at: 26, 2), let height = bytes.number(at: 28, 2) else { return nil }
            return PictureSize(width: width & 0x3FFF, height: height & 0x3FFF)
        case "VP8L":
            guard let bits = bytes.number(at: 21, 4) else { return nil }
            return PictureSize(width: (bits & 0x3FFF) + 1, height: (bits >> 14 & 0x3FFF) + 1)
        case "VP8X":
            guard let width = bytes.number(at: 24, 3), let height = bytes.number(at: 27, 3) else { return nil }
            return PictureSize(width: width + 1, height: height + 1)
        default: return nil
        }
    }
}

/// The chain of directories of a TIFF file, each a page.
struct TIFFPages {
    private(set) var sizes: [PictureSize] = []
    private static let (most, mostEntries) = (1000, 1000)

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 8 else { return nil }
        let isLittle = bytes[0] == 0x49
        var next = bytes.number(at: 4, 4, isLittle: isLittle) ?? 0
        while next > 0, sizes.count < Self.most {
            guard let count = bytes.number(at: next, 2, isLittle: isLittle) else { break }
            var (width, height) = (0, 0)
            for entry in 0..<min(count, Self.mostEntries) {
                let place = next + 2 + 12 * entry
                guard let tag = bytes.number(at: place, 2, isLittle: isLittle),
                    let kind = bytes.number(at: place + 2, 2, isLittle: isLittle),
                    let value = bytes.number(at: place + 8, kind == 3 ? 2 : 4, isLittle: isLittle)
                else { break }
                if tag == 256 { width = value }
                if tag == 257 { height = value }
            }
            guard width > 0, height > 0 else { break }
            sizes.append(PictureSize(width: width, height: height))
            next = bytes.number(at: next + 2 + 12 * count, 4, isLittle: isLittle) ?? 0
        }
    }
}

extension [UInt8] {
    /// The number in `count` bytes, at most four; nil past the end.
    fileprivate func number(at place: Int, _ count: Int, isLittle: Bool = true) -> Int? {
        guard place >= 0, count <= 4, place <= self.count - count else { return nil }
        let bytes = self[place..<place + count]
        return isLittle ? bytes.reversed().reduce(0) { $0 << 8 | Int($1) } : bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
