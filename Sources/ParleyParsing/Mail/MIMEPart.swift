/// A message, or a part of one.
struct MIMEPart {
    let header: MIMEHeader
    /// As it stands, not decoded.
    let body: ArraySlice<UInt8>
    let type: String
    private let parameters: MIMEParameters?
    private let disposition: MIMEParameters?

    /// - Parameter standard: what a part is that does not say so.
    init(_ bytes: ArraySlice<UInt8>, standard: String = "text/plain") {
        (header, body) = MIMEHeader.read(bytes)
        parameters = header.parameters("content-type")
        disposition = header.parameters("content-disposition")
        let word = parameters?.word ?? ""
        type = word.contains("/") ? word : standard
    }

    var isAttachment: Bool {
        disposition?.word == "attachment" || name != nil && !type.hasPrefix("multipart/") && disposition?.word != "inline"
    }
    var name: String? { disposition?["filename"] ?? parameters?["name"] }
    var charset: String? { parameters?["charset"] }
    /// RFC 3676: lines that end in a blank go on.
    var isFlowed: Bool { parameters?["format"]?.lowercased() == "flowed" }
    var dropsBlanks: Bool { parameters?["delsp"]?.lowercased() == "yes" }

    var bytes: [UInt8] {
        TransferDecoding.decode(body, header.text("content-transfer-encoding")?.lowercased() ?? "")
    }

    var text: DecodedText { TextDecoder.decode(bytes, declared: charset) }

    private static let mostParts = 1000

    /// The parts of a multipart; none for anything else.
    var parts: [MIMEPart] {
        guard type.hasPrefix("multipart/"), let boundary = parameters?["boundary"] else { return [] }
        let mark = Array("--\(boundary)".utf8)
        var parts: [MIMEPart] = []
        var (rest, start) = (body, Int?.none)
        while parts.count < Self.mostParts {
            let place = rest.startIndex
            let (line, after) = rest.line
            let tail = line.starts(with: mark) ? line.dropFirst(mark.count) : nil
            let isEnd = tail?.starts(with: Array("--".utf8)) == true
            if tail?.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) == true || isEnd || rest.isEmpty {
                if let start { parts.append(MIMEPart(Self.piece(body, start, place), standard: standardOfParts)) }
                if isEnd || rest.isEmpty { break }
                start = after.startIndex
            }
            rest = after
        }
        return parts
    }

    private var standardOfParts: String { type == "multipart/digest" ? "message/rfc822" : "text/plain" }

    /// The line's end before a boundary belongs to that.
    private static func piece(_ body: ArraySlice<UInt8>, _ start: Int, _ end: Int) -> ArraySlice<UInt8> {
        var piece = body[start..<max(start, end)]
        if piece.last == 0x0A { piece = piece.dropLast() }
        if piece.last == 0x0D { piece = piece.dropLast() }
        return piece
    }
}
