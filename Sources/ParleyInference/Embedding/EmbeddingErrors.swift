public import ParleyCore

extension ErrorCode {
    public static let embeddingModelMissing = Self("embedding.model_missing", .unavailable, "The embedding model is not installed")
    public static let embeddingModelUnsupported = Self(
        "embedding.model_unsupported", .unavailable, "The embedding model is of an unknown kind")
    public static let embeddingRuntimeMissing = Self("embedding.runtime_missing", .unavailable, "The embedding runtime is not installed")
    public static let embeddingBusy = Self("embedding.busy", .unavailable, "Too many texts wait to be embedded")
    public static let embeddingFailed = Self("embedding.failed", .internalFailure, "The embedding model failed")
}
