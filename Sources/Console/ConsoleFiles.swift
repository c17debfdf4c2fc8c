import CConsole
public import ParleyHTTP

/// The web console's pages, styles and scripts, carried by the binary. All but the page itself lie below a path that names the content of
/// them all, so that any cache may keep them for ever; they refer to each other by relative paths, and the page to them by that path.
public struct ConsoleFiles: StaticFileProvider {
    /// Where the files lie, e.g. `/assets/3f9c…`.
    public let assets: String
    private let files: [String: StaticFile]

    public init() {
        let carried = Self.carried
        let whole = carried.sorted { $0.key < $1.key }.flatMap { Array($0.key.utf8) + $0.value }
        assets = "/assets/" + StaticFile(whole, contentType: "").fingerprint
        var files: [String: StaticFile] = [:]
        for (path, bytes) in carried where path != "/index.html" {
            files[assets + path] = StaticFile(bytes, contentType: Self.contentType(of: path), cache: .immutable)
        }
        // Browsers ask for it by this name too.
        files["/favicon.svg"] = carried["/favicon.svg"].map { StaticFile($0, contentType: Self.contentType(of: "/favicon.svg")) }
        let page = Self.page(carried, assets)
        for path in ["/", "/index.html"] { files[path] = StaticFile(page, contentType: Self.contentType(of: "/index.html")) }
        self.files = files
    }

    public func file(at path: String) -> StaticFile? { files[path] }

    /// The paths of all files.
    public var paths: [String] { files.keys.sorted() }

    /// The page with its relative references turned to the files' true place.
    private static func page(_ carried: [String: [UInt8]], _ assets: String) -> [UInt8] {
        var text = String(decoding: carried["/index.html"] ?? [], as: UTF8.self)
        for path in carried.keys { text = text.replacing("=\"\(path.dropFirst())\"", with: "=\"\(assets)\(path)\"") }
        return Array(text.utf8)
    }

    private static var carried: [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        var count: CInt = 0
        for file in UnsafeBufferPointer(start: console_files(&count), count: Int(count)) {
            // fits: a size of an array that was compiled in
            files[String(cString: file.path)] = Array(UnsafeBufferPointer(start: file.bytes, count: Int(file.size)))
        }
        return files
    }

    private static func contentType(of path: String) -> String {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }
}
