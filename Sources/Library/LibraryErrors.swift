public import ParleyCore

extension ErrorCode {
    public static let documentNotFound = Self("document.not_found", .notFound, "There is no such document")
    public static let documentNotReady = Self("document.not_ready", .conflict, "The document has not been read yet")
    public static let documentNotFailed = Self("document.not_failed", .conflict, "Only a failed document can be retried")
    public static let documentNotDeleted = Self("document.not_deleted", .conflict, "Only a deleted document can be purged")
    public static let documentEndedServer = Self("document.ended_server", .unprocessable, "Reading the document ended the server")
    public static let uploadTooLarge = Self("upload.too_large", .tooLarge, "The file is too large")
    public static let diskFull = Self("storage.full", .insufficientStorage, "The disk is full")
    public static let storageTaken = Self("storage.taken", .conflict, "The folder of files belongs to another installation")
    public static let blobMissing = Self("storage.blob_missing", .internalFailure, "A stored file is missing")
    public static let linkInvalid = Self("document.link_invalid", .forbidden, "The link is not valid or has expired")
}
