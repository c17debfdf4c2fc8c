/// Names of encodings as files write them.
enum CharsetName {
    /// Lower case; Latin-1 and ASCII mean Windows-1252, and national subsets their supersets, as in the WHATWG Encoding Standard.
    static func canonical(_ name: String) -> String {
        let name = name.lowercased().filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
        return switch name {
        case "utf8", "unicode-1-1-utf-8": "utf-8"
        case "iso-8859-1", "latin1", "latin-1", "iso8859-1", "us-ascii", "ascii", "cp1252", "x-cp1252", "l1": "windows-1252"
        case "gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936": "gb18030"
        case "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j", "cp932": "shift_jis"
        case "euc-kr", "ks_c_5601-1987", "ksc5601", "korean", "cp949", "windows-949": "euc-kr"
        case "big5-hkscs", "cn-big5", "x-x-big5", "cp950": "big5"
        case "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257": "windows-" + name.dropFirst(2)
        case "latin2", "iso8859-2": "iso-8859-2"
        case "iso-8859-9", "latin5": "windows-1254"
        case "koi8": "koi8-r"
        default: name
        }
    }

    /// The encoding an HTML or XML text names near its start (RFC 9110 is not at hand for a file); nil when none.
    static func declared(in bytes: [UInt8]) -> String? {
        let head = String(decoding: bytes.prefix(4096), as: UTF8.self).lowercased()
        for mark in ["charset=", "encoding="] {
            guard let found = head.firstRange(of: mark) else { continue }
            let value = head[found.upperBound...].drop { $0 == "\"" || $0 == "'" || $0 == " " }
            let name = value.prefix { $0.isLetter || $0.isNumber || "-_.:".contains($0) }
            if !name.isEmpty && name.count <= 40 { return String(name) }
        }
        return nil
    }
}
