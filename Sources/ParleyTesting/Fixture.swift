import Foundation

/// Writes ZIP files and PDF files for tests.
public enum Fixture {
    /// A ZIP with stored members, as small as can be.
    public static func zip(_ members: [(name: String, bytes: [UInt8], method: UInt16, size: Int)]) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let offset = file.count
            let name = Array(member.name.utf8)
            let common =
                little(20, 2) + little(0, 2) + little(Int(member.method), 2) + little(0, 8) + little(member.bytes.count, 4)
                + little(member.size, 4) + little(name.count, 2) + little(0, 2)
            file += little(0x0403_4B50, 4) + common + name + member.bytes
            directory += little(0x0201_4B50, 4) + little(20, 2) + common + little(0, 10) + little(offset, 4) + name
        }
        let end = little(0x0605_4B50, 4) + little(0, 4) + little(members.count, 2) + little(members.count, 2)
        return file + directory + end + little(directory.count, 4) + little(file.count, 4) + little(0, 2)
    }

    public static func zip(_ members: [(String, String)]) -> [UInt8] {
        zip(members.map { (name: $0.0, bytes: Array($0.1.utf8), method: 0, size: $0.1.utf8.count) })
    }

    public static func docx(body: String, extra: [(String, String)] = []) -> [UInt8] {
        let document =
            "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>\(body)</w:body></w:document>"
        return zip([("[Content_Types].xml", "<Types/>"), ("word/document.xml", document)] + extra)
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 < 8 ? value >> (8 * $0) : 0) }
    }

    /// A PDF of one page that is a picture.
    /// - Parameters:
    ///   - jpeg: its bytes, of this width and height in pixels, in three colours.
    ///   - degrees: by which it lies turned on the page, counterclockwise.
    public static func scan(_ jpeg: [UInt8], width: Int, height: Int, turned degrees: Double = 0) -> [UInt8] {
        let (points, angle) = (792.0 / Double(max(width, height)), degrees / 180 * .pi)
        let (across, up) = (Double(width) * points, Double(height) * points)
        // Turned about its middle, and that moved to the page's.
        let matrix = [across * cos(angle), across * sin(angle), -up * sin(angle), up * cos(angle)]
        let place = [500 - (matrix[0] + matrix[2]) / 2, 500 - (matrix[1] + matrix[3]) / 2]
        let content = "q \((matrix + place).map { "\(($0 * 1000).rounded() / 1000)" }.joined(separator: " ")) cm /I Do Q"
        let image =
            "<< /Type /XObject /Subtype /Image /Width \(width) /Height \(height) /ColorSpace /DeviceRGB /BitsPerComponent 8 "
            + "/Filter /DCTDecode /Length \(jpeg.count) >>\nstream\n"
        let objects: [[UInt8]] = [
            Array("<< /Type /Catalog /Pages 2 0 R >>".utf8), Array("<< /Type /Pages /Kids [3 0 R] /Count 1 >>".utf8),
            Array(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1000 1000] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>".utf8),
            Array("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream".utf8),
            Array(image.utf8) + jpeg + Array("\nendstream".utf8),
        ]
        return assembled(objects)
    }

    /// A PDF of pages, each a list of lines with size and place from the top in points.
    /// - Parameter encoding: of its letters, by PDF's name for it.
    public static func pdf(_ pages: [[(text: String, size: Int, top: Int)]], encoding: String = "StandardEncoding") -> [UInt8] {
        pdf(pages: pages.map { page in page.map { ($0.text, $0.size, 72, $0.top) } }, encoding: encoding)
    }

    /// A PDF of one page, whose lines have a place from the left as well.
    public static func placedPDF(_ lines: [(text: String, size: Int, left: Int, top: Int)]) -> [UInt8] { pdf(pages: [lines]) }

    private static func pdf(pages: [[(text: String, size: Int, left: Int, top: Int)]], encoding: String = "StandardEncoding") -> [UInt8] {
        let kids = pages.indices.map { "\(4 + 2 * $0) 0 R" }.joined(separator: " ")
        var objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /\(encoding) >>",
        ]
        for (index, lines) in pages.enumerated() {
            let content = lines.map { "BT /F1 \($0.size) Tf \($0.left) \(792 - $0.top) Td (\($0.text)) Tj ET" }.joined(separator: "\n")
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents \(5 + 2 * index) 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            )
            objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
        }
        return assembled(objects.map { Array($0.utf8) })
    }

    private static func assembled(_ objects: [[UInt8]]) -> [UInt8] {
        var file = Array("%PDF-1.4\n".utf8)
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(file.count)
            file += Array("\(index + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
        }
        let start = file.count
        let padded = offsets.map { offset in String(repeating: "0", count: 10 - String(offset).count) + "\(offset) 00000 n \n" }.joined()
        let end =
            "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n\(padded)trailer << /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return file + Array(end.utf8)
    }
}
