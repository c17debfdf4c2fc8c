import ParleyCore

/// The older Office container (MS-CFB): recognised by the stream names in its directory.
enum CompoundFile {
    static let signature: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

    /// Why this file cannot be read, by what is in it.
    static func refusal(_ head: [UInt8]) -> ParleyError {
        if contains("EncryptedPackage", head) {
            return ParleyError(.documentEncrypted, "The document is protected by a password. Remove the protection and upload it again.")
        }
        let advice = "Save it in the newer format (DOCX) or as PDF and upload that."
        if contains("WordDocument", head) { return MediaTypeDetector.unsupported("Word 97–2003 documents (.doc)", advice) }
        if contains("Workbook", head) { return MediaTypeDetector.unsupported("Excel 97–2003 workbooks (.xls)", advice) }
        if contains("PowerPoint Document", head) { return MediaTypeDetector.unsupported("PowerPoint 97–2003 presentations (.ppt)", advice) }
        if contains("__substg1.0_", head) { return MediaTypeDetector.unsupported("Outlook messages (.msg)", advice) }
        return MediaTypeDetector.unsupported("Older Office files", advice)
    }

    private static func contains(_ name: String, _ head: [UInt8]) -> Bool {
        head.firstRange(of: name.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }) != nil
    }
}
