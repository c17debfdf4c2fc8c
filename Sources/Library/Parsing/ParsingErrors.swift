public import ParleyCore

extension ErrorCode {
    public static let documentUnsupported = Self(
        "document.unsupported_type", .unsupportedMediaType, "Files of this type cannot be read")
    public static let documentEncrypted = Self("document.encrypted", .unprocessable, "The document is protected by a password")
    public static let documentNoText = Self("document.no_text", .unprocessable, "The document has no text")
    public static let documentDamaged = Self("document.damaged", .unprocessable, "The document is damaged")
    public static let documentTooComplex = Self("document.too_complex", .unprocessable, "The document is too large or too deep to read")
    public static let converterMissing = Self("converter.missing", .unavailable, "A program that reads this type is not installed")
    public static let converterFailed = Self("converter.failed", .internalFailure, "The program that reads this type failed")
}
