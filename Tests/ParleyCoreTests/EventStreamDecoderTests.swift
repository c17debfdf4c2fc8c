import ParleyCore
import Testing

@Suite struct EventStreamDecoderTests {
    private static let stream = """
        \u{FEFF}: a comment
        data: one

        event: delta
        id: 7
        data: größe 😀
        data:  two spaces
        data

        data:no space:colon
        retry: 1500
        unknown: x

        event: only a type

        id

        data:

        data: cut off
        """
    private static let expected = [
        ReceivedEvent(data: "one"),
        ReceivedEvent(type: "delta", data: "größe 😀\n two spaces\n", id: "7"),
        ReceivedEvent(data: "no space:colon", id: "7", retry: 1500),
        ReceivedEvent(data: "", id: "", retry: 1500),
    ]

    private static func events(_ pieces: [some Collection<UInt8>]) throws -> [ReceivedEvent] {
        var decoder = EventStreamDecoder()
        return try pieces.flatMap { try decoder.feed($0) }
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func readsAtEveryCut(lineEnd: String) throws {
        let bytes = Array(Self.stream.replacing("\n", with: lineEnd).utf8)
        #expect(try Self.events([bytes]) == Self.expected)
        #expect(try Self.events(bytes.map { [$0] }) == Self.expected)
        for cut in 0...bytes.count { #expect(try Self.events([bytes[..<cut], bytes[cut...]]) == Self.expected) }
    }

    @Test func lineEndsMayBeMixed() throws {
        #expect(try Self.events([Array("data: a\r\rdata: b\n\r\ndata: c\r\n\n".utf8)]).map(\.data) == ["a", "b", "c"])
    }

    @Test func idsWithNullAndRetriesWithLettersAreLeftOut() throws {
        let events = try Self.events([Array("id: 1\ndata: a\n\nid: 2\u{0}\nretry: 5s\ndata: b\n\n".utf8)])
        #expect(events == [ReceivedEvent(data: "a", id: "1"), ReceivedEvent(data: "b", id: "1")])
    }

    @Test func remembersForTheReconnection() throws {
        var decoder = EventStreamDecoder()
        _ = try decoder.feed("id: 41\nretry: 20\n\nid: 42\n".utf8)
        #expect(decoder.lastEventID == "41")
        #expect(decoder.reconnectionTime == 20)
    }

    @Test func brokenUTF8BecomesReplacementCharacters() throws {
        #expect(try Self.events([Array("data: a".utf8) + [0xFF, 0x0A, 0x0A]]).first?.data == "a\u{FFFD}")
    }

    @Test func isBounded() {
        var decoder = EventStreamDecoder(maxEventBytes: 100)
        #expect(throws: EventStreamDecoder.TooLarge.self) { for _ in 0..<20 { _ = try decoder.feed("data: 12345678\n".utf8) } }
    }
}
