/// Whether somebody waits for what the present task writes. Where writes wait for each other, those that somebody waits for go first.
public enum WriteUrgency: Sendable {
    case awaited
    /// Of work that goes on by itself, such as reading documents.
    case background

    @TaskLocal public static var current = WriteUrgency.awaited
}
