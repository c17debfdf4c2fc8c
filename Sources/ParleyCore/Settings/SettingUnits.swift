public import Foundation

extension Duration: SettingValue {
    public static var settingForm: String { "a duration such as 500ms, 30s, 15m, 2h or 1h30m" }
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    public init?(setting: RawSetting) {
        guard let parts = setting.text.flatMap({ QuantityParts($0) }) else { return nil }
        var total = 0.0
        for part in parts.all {
            guard let unit = Self.units.first(where: { $0.name == part.unit }) else { return nil }
            total += part.amount * Double(unit.milliseconds)
        }
        guard total < 1e15 else { return nil }
        self = .milliseconds(Int64(total.rounded()))  // fits: from 0 to 1e15
    }

    public var settingText: String {
        let unit = Self.units.last { milliseconds != 0 && milliseconds % $0.milliseconds == 0 }  // fits: units are above 0
        return unit.map { "\(milliseconds / $0.milliseconds)\($0.name)" } ?? "0s"  // fits: units are above 0
    }
}

/// A number of bytes.
public struct ByteSize: Hashable, Comparable, Sendable {
    public let bytes: Int

    public static func bytes(_ count: Int) -> Self { Self(bytes: count) }
    public static func kib(_ count: Int) -> Self { Self(bytes: count << 10) }
    public static func mib(_ count: Int) -> Self { Self(bytes: count << 20) }
    public static func gib(_ count: Int) -> Self { Self(bytes: count << 30) }

    public static func < (a: Self, b: Self) -> Bool { a.bytes < b.bytes }
}

extension ByteSize: SettingValue, CustomStringConvertible {
    public static var settingForm: String { "a size such as 4096, 512KiB, 10MB or 1GiB" }
    private static let units: [(name: String, bytes: Int)] = [
        ("", 1), ("b", 1), ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000),
        ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("tib", 1 << 40),
    ]

    public init?(setting: RawSetting) {
        guard let parts = setting.text.flatMap({ QuantityParts($0.lowercased()) }), let only = parts.all.first, parts.all.count == 1,
            let unit = Self.units.first(where: { $0.name == only.unit }), only.amount * Double(unit.bytes) < 1e18
        else { return nil }
        self.init(bytes: Int((only.amount * Double(unit.bytes)).rounded()))  // fits: from 0 to 1e18
    }

    public var settingText: String {
        let units = [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        return units.first { bytes != 0 && bytes % $0.1 == 0 }.map { "\(bytes / $0.1)\($0.0)" } ?? String(bytes)  // fits: units are above 0
    }

    public var description: String { settingText }
}

/// `1h30m` taken apart into amounts and units.
private struct QuantityParts {
    var all: [(amount: Double, unit: String)] = []

    /// Nil when the text is not numbers followed by letters.
    init?(_ text: String) {
        var rest = text.filter { !$0.isWhitespace }[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = rest[digits.endIndex...].prefix { $0.isLetter }
            guard let amount = Double(digits) else { return nil }
            all.append((amount, String(unit)))
            rest = rest[unit.endIndex...]
        }
        guard !all.isEmpty else { return nil }
    }
}

/// A file or folder on this machine, as written: absolute, below the home folder (`~`), or below the working folder.
public struct LocalPath: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) { self.text = text }

    /// The same place from the root, without `.` and `..`.
    public var absolute: String {
        let expanded = (text as NSString).expandingTildeInPath
        let whole = expanded.hasPrefix("/") ? expanded : FileManager.default.currentDirectoryPath + "/" + expanded
        return URL(fileURLWithPath: whole).standardizedFileURL.path
    }

    public var description: String { text }
}

extension LocalPath: SettingValue {
    public static var settingForm: String { "a path" }
    public init?(setting: RawSetting) {
        guard let text = setting.text, !text.isEmpty, !text.contains("\0") else { return nil }
        self.init(text)
    }
    public var settingText: String { text }
}

extension URL: SettingValue {
    public static var settingForm: String { "an address with scheme and host, such as https://parley.example.org" }
    public init?(setting: RawSetting) {
        guard let url = setting.text.flatMap({ URL(string: $0) }), url.scheme != nil, url.host() != nil else { return nil }
        self = url
    }
    public var settingText: String { absoluteString }
}
