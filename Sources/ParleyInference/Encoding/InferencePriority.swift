/// What a text is read for.
public enum InferencePriority: String, Hashable, Sendable {
    /// Someone waits for it: it goes first.
    case question
    /// It goes when no question waits.
    case ingestion
}
