/// What a file is, by its content.
public struct DetectedType: Sendable, Hashable {
    /// E.g. `application/pdf`.
    public let mediaType: String
    /// The file's name as the client gave it; a hint only.
    public let name: String?

    public init(mediaType: String, name: String? = nil) { (self.mediaType, self.name) = (mediaType, name) }

    static let pdf = "application/pdf"
    static let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    static let html = "text/html"
    static let markdown = "text/markdown"
    static let plain = "text/plain"
    static let mail = "message/rfc822"
    static let mailbox = "application/mbox"
    static let json = "application/json"
    static let jsonLines = "application/jsonl"
    static let notebook = "application/x-ipynb+json"
    static let xml = "application/xml"
    static let subtitles = "text/vtt"
    static let zip = "application/zip"
    static let tar = "application/x-tar"
    static let gzip = "application/gzip"
}
