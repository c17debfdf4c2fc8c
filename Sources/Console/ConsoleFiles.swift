import CConsole
public import ParleyHTTP

/// The web console's pages, styles and scripts, carried by the binary.
public struct ConsoleFiles: StaticFileProvider {
    private let files: [String: StaticFile]

    public init() {
        var files: [String: StaticFile] = [:]
        var count: CInt = 0
        for file in UnsafeBufferPointer(start: console_files(&count), count: Int(count)) {
            let path = String(cString: file.path)
            let bytes = UnsafeBufferPointer(start: file.bytes, count: Int(file.size))
            files[path] = StaticFile(Array(bytes), contentType: Self.contentType(of: path))
        }
        files["/"] = files["/index.html"]
        self.files = files
    }

    public func file(at path: String) -> StaticFile? { files[path] }

    /// The paths of all files, `/` among them.
    public var paths: [String] { files.keys.sorted() }

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
