public import ParleyCore

/// Refusals that several readers share.
enum ParsingErrors {
    static func tooLong(_ limits: ParsingLimits) -> ParleyError {
        ParleyError(
            .documentTooComplex, "Reading the document took longer than \(limits.seconds) seconds and was stopped. Split it into parts.")
    }

    static func tooMuchText(_ limits: ParsingLimits) -> ParleyError {
        ParleyError(
            .documentTooComplex,
            "The document has more text than is read: at most \(limits.textLength) characters in \(limits.blocks) paragraphs. "
                + "Split it into parts.")
    }

    static func tooMuchMemory() -> ParleyError {
        ParleyError(.documentTooComplex, "Reading the document needs more memory than is allowed. Split it into parts.")
    }
}

extension ErrorCode {
    public static let uploadEmpty = Self("upload.empty", .unprocessable, "The file is empty")
    public static let documentUnsupported = Self(
        "document.unsupported_type", .unsupportedMediaType, "Files of this type cannot be read")
    public static let documentEncrypted = Self("document.encrypted", .unprocessable, "The document is protected by a password")
    public static let documentNoText = Self("document.no_text", .unprocessable, "The document has no text")
    public static let documentDamaged = Self("document.damaged", .unprocessable, "The document is damaged")
    public static let documentTooComplex = Self("document.too_complex", .unprocessable, "The document is too large or too deep to read")
}
