public import Foundation
import ParleyCore

/// Pictures of text: photographs and scans as PNG, JPEG, TIFF and WebP, read by OCR page by page.
public struct PictureParser: DocumentParser {
    public let mediaTypes: Set<String> = Set(PictureFormat.all.map(\.mediaType))

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        let sizes = PictureSize.pages(try FileBytes.all(file, limit: limits.textBytes), as: type.mediaType)
        guard !sizes.isEmpty else {
            throw ParleyError(.documentDamaged, "The picture is damaged or was cut short. Upload it again from the source.")
        }
        let most = PictureSize.mostPixels(limits)
        if let large = sizes.first(where: { $0.pixels > most }) {
            throw ParleyError(
                .documentTooComplex,
                "The picture has \(large.width) × \(large.height) pixels; at most \(most / 1_000_000) million are read. Make it smaller and upload that."
            )
        }
        var work = try await OCRWork(limits, until: OCRWork.deadline(limits))
        var pages: [PDFPage] = []
        for number in 1...sizes.count {
            let size = sizes[number - 1]
            let scale = Self.scale(size)
            let page = try await work.page(number) { reader in
                try await reader.read(file, page: sizes.count > 1 ? number - 1 : nil, scale: scale)
            }
            pages.append(
                PDFPage(
                    number: number, height: page?.height ?? Double(size.height) * scale, width: page?.width ?? Double(size.width) * scale,
                    lines: page?.lines ?? []))
        }
        let (read, notes) = (pages, work.notes(sizes.count > 1 ? "page" : nil))
        return try await onWorkerThread { try layOut(read, notes, limits) }
    }

    private func layOut(_ pages: [PDFPage], _ notes: [String], _ limits: ParsingLimits) throws -> ParsedDocument {
        var document = PDFLayout(pages).document(PDFInfo(), limits)
        guard !document.isEmpty else {
            throw ParleyError(.documentNoText, (["No text was found in the picture."] + notes).joined(separator: " "))
        }
        document.warnings += notes
        return try document.build(withPages: pages.count > 1)
    }

    /// As if the picture were a sheet of paper, whose longer side has this many points.
    private static func scale(_ size: PictureSize) -> Double { 842 / Double(max(size.width, size.height, 1)) }
}

/// Formats of pictures by their first bytes.
struct PictureFormat: Sendable {
    let mediaType: String
    private let marks: [[UInt8]]
    private var behind: [UInt8] = []

    static let all = [
        PictureFormat(mediaType: "image/png", marks: [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A]]),
        PictureFormat(mediaType: "image/jpeg", marks: [[0xFF, 0xD8, 0xFF]]),
        PictureFormat(mediaType: "image/tiff", marks: [[0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A]]),
        PictureFormat(mediaType: "image/webp", marks: [Array("RIFF".utf8)], behind: Array("WEBPVP8".utf8)),
    ]

    /// The media type; nil for what is no picture.
    static func mediaType(of head: [UInt8]) -> String? {
        all.first { format in
            format.marks.contains { head.starts(with: $0) } && (format.behind.isEmpty || head.dropFirst(8).starts(with: format.behind))
        }?.mediaType
    }
}
