import Foundation
import ParleyCore
import Testing

@testable import ParleyHTTP

@Suite struct SchemaTests {
    @Test func writesAndReadsTheSameValue() throws {
        let bytes = Note.schema.encode(.example)
        #expect(try Note.schema.decode(JSONValue(parsing: bytes)) == .example)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix("{\"id\":\"doc_"))
        #expect(text.contains("\"title\":\"Milk \\\"2 l\\\"\",\"color\":\"red\",\"rank\":3,\"tags\":[\"a\",\"b\"]"))
        #expect(text.hasSuffix("\"place\":{\"name\":\"door\",\"level\":2},\"created_at\":\"2027-01-15T08:00:00.123Z\"}"))
    }

    @Test func tellsAllErrorsAtOnce() throws {
        let input: JSONValue = [
            "id": "prj_1", "title": "", "color": "blue", "rank": 10, "tags": ["a", "toolong", 3], "place": ["name": 1, "hight": 2],
            "extra/~": 1,
        ]
        let error = try #require(throws: ParleyError.self) { try Note.schema.decode(input) }
        #expect(error.code == .invalidInput)
        #expect(
            Set(error.fields.map(\.pointer)) == [
                "/id", "/title", "/color", "/rank", "/tags/1", "/tags/2", "/place/name", "/place/hight", "/place/level", "/created_at",
                "/extra~1~0",
            ])
        #expect(error.fields.first { $0.pointer == "/color" }?.message == "must be one of red, green")
        #expect(error.fields.first { $0.pointer == "/created_at" }?.message == "is required")
    }

    @Test func refusesWhatIsNoObjectAtAll() throws {
        let error = try #require(throws: ParleyError.self) { try Note.schema.decode([1, 2]) }
        #expect(error.fields == [FieldError("", "must be an object")])
    }

    @Test func missingMembersHaveTheirMeaning() throws {
        let input: JSONValue = [
            "id": .string(Note.example.id.description), "title": "x", "color": "green", "tags": [], "created_at": "2027-01-15T08:00:00Z",
        ]
        let note = try Note.schema.decode(input)
        #expect(note.rank == 5)
        #expect(note.place == nil)
        #expect(note.createdAt == Timestamp(milliseconds: 1_800_000_000_000))
    }

    @Test func rulesBetweenFieldsJoinTheOthers() throws {
        let error = try #require(throws: ParleyError.self) { try NewNote.schema.decode(["title": "A", "first": 3, "last": 2]) }
        #expect(error.fields == [FieldError("/first", "must not be after last")])
        let pattern = try #require(throws: ParleyError.self) { try NewNote.schema.decode(["title": "a", "first": 3]) }
        #expect(pattern.fields == [FieldError("/title", "must begin with a capital letter")])
    }

    @Test func aChangeKnowsMissingFromNull() throws {
        struct Patch: Sendable { var title: Change<String>, note: Change<String?> }
        let schema: Schema<Patch> = .object(
            "Patch", "", .field("title", \.title, .change(.string())), .field("note", \.note, .change(.optional(.string()))),
            example: Patch(title: .keep, note: .keep)
        ) { Patch(title: $0, note: $1) }
        #expect(try schema.decode([:]).title == .keep)
        #expect(try schema.decode(["title": "x"]).title == .set("x"))
        #expect(try schema.decode([:]).note == .keep)
        #expect(try schema.decode(["note": nil]).note == .set(nil))
        #expect(throws: ParleyError.self) { try schema.decode(["title": nil]) }
    }

    @Test func writesOnlyTheFieldsAskedFor() {
        func text(_ paths: [String]?, included: Set<String> = []) -> String {
            String(decoding: Note.schema.encode(.example, FieldChoice.of(Note.schema.shape, paths, included: included)), as: UTF8.self)
        }
        #expect(text(["rank", "place"]) == "{\"rank\":3,\"place\":{\"name\":\"door\",\"level\":2}}")
        #expect(text(["place.level", "rank"]) == "{\"rank\":3,\"place\":{\"level\":2}}")
        #expect(text(["place.level", "tags"]) == "{\"tags\":[\"a\",\"b\"],\"place\":{\"level\":2}}")
        #expect(text([]) == "{}")
        #expect(text(nil) == String(decoding: Note.schema.encode(.example), as: UTF8.self))
        for wrong in ["x", "place.x", "rank.x", "", ".", "place.", "place..level"] {
            #expect(FieldChoice.complaint(wrong, in: Note.schema.shape) != nil, "\(wrong)")
        }
    }

    @Test func relatedResourcesAreWrittenOnlyWhenAskedFor() {
        struct Shelf: Sendable {
            let id: Int
            let notes: [Note]
            var first: Note?
        }
        let schema: Schema<Shelf> = .object(
            "Shelf", "", .field("id", \.id, .int()), .related("first", \.first, Note.schema), example: Shelf(id: 1, notes: []))
        let shelf = Shelf(id: 7, notes: [], first: .example)
        func text(_ paths: [String]?, _ included: Set<String>) -> String {
            String(decoding: schema.encode(shelf, FieldChoice.of(schema.shape, paths, included: included)), as: UTF8.self)
        }
        #expect(String(decoding: schema.encode(shelf), as: UTF8.self) == "{\"id\":7}")
        #expect(text(["first"], []) == "{}")
        #expect(text(["first.rank"], ["first"]) == "{\"first\":{\"rank\":3}}")
        #expect(text(["id"], ["first"]).hasPrefix("{\"id\":7,\"first\":{\"id\":"))
    }

    @Test func numbersKeepToTheirKind() throws {
        #expect(try Schema<Int>.int(0...5).decode(3.0) == 3)
        for wrong: JSONValue in [3.5, 6, "3", true, nil, 1e300] {
            #expect(throws: ParleyError.self) { try Schema<Int>.int(0...5).decode(wrong) }
        }
        #expect(try Schema<Double>.double(0...5).decode(3) == 3)
        #expect(throws: ParleyError.self) { try Schema<String>.string().decode("a\u{0}b") }
        #expect(try Schema<String>.string(2...2).decode("😀é") == "😀é")
        #expect(try Schema<[String: Int]>.map(.int()).decode(["a": 1]) == ["a": 1])
        #expect(throws: ParleyError.self) { try Schema<[String: Int]>.map(.int()).decode(["a": "1"]) }
    }

    @Test func writesTimestampsByTheCalendar() throws {
        func text(_ milliseconds: Int64) -> String {
            var writer = JSONWriter()
            writer.write(Timestamp(milliseconds: milliseconds))
            return String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
        }
        let known: [Int64: String] = [
            0: "1970-01-01T00:00:00.000Z", -1: "1969-12-31T23:59:59.999Z", 951_782_400_000: "2000-02-29T00:00:00.000Z",
            1_709_251_199_999: "2024-02-29T23:59:59.999Z", -62_135_596_800_000: "0001-01-01T00:00:00.000Z",
            253_402_300_799_999: "9999-12-31T23:59:59.999Z",
        ]
        for (milliseconds, expected) in known { #expect(text(milliseconds) == expected) }
        for milliseconds in stride(from: -10_000_000_000_000, to: 250_000_000_000_000, by: 86_400_000 * 997 + 12_345) as StrideTo<Int64> {
            #expect(Timestamp(rfc3339: text(milliseconds)) == Timestamp(milliseconds: milliseconds))
        }
        #expect(text(.max) == "9999-12-31T23:59:59.999Z")
        #expect(text(.min) == "0000-01-01T00:00:00.000Z")
    }

    @Test func writesAnyTextSoThatFoundationReadsIt() throws {
        let text = "\u{0}\u{1f}\"\\/\n\r\t é 😀 \u{2028}"
        var writer = JSONWriter()
        writer.write(.array([.string(text), "", "plain"]))
        #expect(try JSONDecoder().decode([String].self, from: Data(writer.bytes)) == [text, "", "plain"])
        var numbers = JSONWriter()
        numbers.write([.double(.infinity), 1.5, 2.0, 1e300, .int(.min), .double(-0x1p63), .double(0x1p53)] as JSONValue)
        #expect(
            String(decoding: numbers.bytes, as: UTF8.self)
                == "[null,1.5,2,1e+300,-9223372036854775808,-9.223372036854776e+18,9007199254740992.0]")
    }
}
