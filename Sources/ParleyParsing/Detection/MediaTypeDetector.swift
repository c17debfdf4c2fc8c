public import Foundation
import ParleyCore

/// Tells what a file is from its bytes. Names decide only between kinds of text.
public enum MediaTypeDetector {
    /// How much of a file is looked at, in bytes, and how much of a text.
    private static let (headSize, sampleSize) = (1 << 18, 1 << 16)

    /// - Throws: `upload.empty`, `document.unsupported_type`, `document.encrypted`, `document.damaged`.
    public static func detect(file: URL, name: String?) throws -> DetectedType {
        let head = try FileBytes.head(file, headSize)
        guard !head.isEmpty else { throw ParleyError(.uploadEmpty, "The file is empty; choose a file with content.") }
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            return DetectedType(mediaType: try ArchiveType.detect(file), name: name)
        }
        if head.starts(with: CompoundFile.signature) { throw CompoundFile.refusal(head) }
        if try PDFMark.isFound(in: head, file, name: name) { return DetectedType(mediaType: DetectedType.pdf, name: name) }
        if let picture = PictureFormat.mediaType(of: head) { return DetectedType(mediaType: picture, name: name) }
        if head.starts(with: [0x1F, 0x8B, 0x08]) { return DetectedType(mediaType: DetectedType.gzip, name: name) }
        if TarArchive.matches(head) { return DetectedType(mediaType: DetectedType.tar, name: name) }
        if let format = BinaryFormat.all.first(where: { $0.matches(head) }) { throw unsupported(format.name, format.advice) }
        return DetectedType(mediaType: try text(Array(head.prefix(sampleSize)), isWhole: head.count <= sampleSize, name: name), name: name)
    }

    static func unsupported(_ what: String, _ advice: String = "Save it as PDF, DOCX, HTML, Markdown or plain text and upload that.")
        -> ParleyError
    {
        ParleyError(.documentUnsupported, "\(what) cannot be read yet. \(advice)")
    }

    private static func text(_ start: [UInt8], isWhole: Bool, name: String?) throws -> String {
        guard CharsetDetector.looksLikeText(start) else {
            throw unsupported("This kind of binary file")
        }
        let sample = TextCleaner.normalise(TextDecoder.decode(start, isWhole: isWhole).text)
        let given = (name ?? "").lowercased()
        let isMail = MailText.matches(sample, isNamed: MailText.isNamed(name))
        let name = TextName(name)
        if name != .markdown && name != .code {
            if isMail { return sample.hasPrefix("From ") ? DetectedType.mailbox : DetectedType.mail }
            if sample.hasPrefix("{\\rtf1") { throw unsupported("RTF documents") }
        }
        if HTMLText.isPage(sample) { return DetectedType.html }
        if let data = DataText.mediaType(of: sample, named: given) { return data }
        switch name {
        case .markdown: return DetectedType.markdown
        case .code, .lines, .table: return DetectedType.plain
        case .html: return HTMLText.hasTags(sample) ? DetectedType.html : DetectedType.plain
        case .prose, .unknown:
            // A README often begins with some HTML.
            let isMarkdown = MarkdownText.matches(sample, name)
            if HTMLText.isFragment(sample) && !isMarkdown { return DetectedType.html }
            return isMarkdown ? DetectedType.markdown : DetectedType.plain
        }
    }
}
