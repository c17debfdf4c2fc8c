import ParleyCore
import ParleyHTTP

/// The wire type that most tests use.
struct Note: Sendable, Equatable {
    enum Color: String, CaseIterable, Sendable { case red, green }

    var id: DocumentID
    var title: String
    var color: Color
    var rank: Int
    var tags: [String]
    var place: Place?
    var createdAt: Timestamp

    struct Place: Sendable, Equatable {
        var name: String
        var level: Double
    }
}

extension Note.Place {
    static let schema: Schema<Note.Place> = .object(
        "Place", "Where a note hangs.", .field("name", \.name, .string(1...20)), .field("level", \.level, .double(0...10)),
        example: Note.Place(name: "hall", level: 1.5)
    ) { Note.Place(name: $0, level: $1) }
}

extension Note {
    static let example = Note(
        id: DocumentID(at: Timestamp(milliseconds: 1_800_000_000_000)), title: "Milk \"2 l\"", color: .red, rank: 3, tags: ["a", "b"],
        place: Place(name: "door", level: 2), createdAt: Timestamp(milliseconds: 1_800_000_000_123))

    static let schema: Schema<Note> = .object(
        "Note", "Something to remember.", .field("id", \.id, .id()), .field("title", \.title, .string(1...30), "What it says."),
        .field("color", \.color, .enumeration()), .field("rank", \.rank, .defaulted(.int(0...9), to: 5)),
        .field("tags", \.tags, .array(.string(1...5), 0...3)), .field("place", \.place, .optional(Place.schema)),
        .field("created_at", \.createdAt, .timestamp()), example: example
    ) { Note(id: $0, title: $1, color: $2, rank: $3, tags: $4, place: $5, createdAt: $6) }
}

/// An input of its own.
struct NewNote: Sendable, Equatable {
    var title: String
    var first: Int
    var last: Int

    static let schema: Schema<NewNote> = .object(
        "NewNote", "A note to be.", .field("title", \.title, .string(1...30, pattern: "^[A-Z]", hint: "must begin with a capital letter")),
        .field("first", \.first, .int(0...100)), .field("last", \.last, .defaulted(.int(0...100), to: 100)),
        example: NewNote(title: "Milk", first: 1, last: 2)
    ) { title, first, last in
        guard first <= last else {
            throw ParleyError(.invalidInput, "The range is empty.", fields: [FieldError("/first", "must not be after last")])
        }
        return NewNote(title: title, first: first, last: last)
    }
}
