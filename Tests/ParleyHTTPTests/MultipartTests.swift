import NIOCore
import ParleyCore
import Testing

@testable import ParleyHTTP

@Suite struct MultipartTests {
    private static let boundary = "--x-Boundary"
    private static let body = [
        "preamble\r\n----x-Boundary  \r\n", "Content-Disposition: form-data; name=\"text\"\r\n\r\n", "one\r\n--\r\n----x-Boundar\r\n",
        "\r\n----x-Boundary\r\n",
        "content-disposition: form-data; name=\"file\"; filename=\"a\\\"b.txt\"\r\nContent-Type: text/plain\r\n\r\n",
        "\r\n----x-Boundary\r\n", "Content-Disposition: form-data; name=last\r\n\r\n", "\r\n\r\r\n-\r\n----x-Boundary--\r\nepilogue",
    ].joined()

    private static let expected = [
        "text|nil|nil|one\r\n--\r\n----x-Boundar\r\n", "file|a\"b.txt|text/plain|", "last|nil|nil|\r\n\r\r\n-",
    ]

    /// The parts that come of these chunks, each as one line.
    private func parts(_ chunks: [ArraySlice<UInt8>], boundary: String = boundary, limits: MultipartParser.Limits = .init()) throws
        -> [String]
    {
        var parser = MultipartParser(boundary: boundary, limits: limits)
        var parts: [String] = []
        var isOpen = false
        for chunk in chunks {
            for event in try parser.feed(ByteBuffer(bytes: chunk)) {
                switch event {
                case .part(let headers):
                    #expect(!isOpen)
                    isOpen = true
                    parts.append("\(headers.name)|\(headers.filename ?? "nil")|\(headers.contentType ?? "nil")|")
                case .bytes(let bytes): parts[parts.count - 1] += String(buffer: bytes)
                case .partEnded: isOpen = false
                }
            }
        }
        try parser.finish()
        #expect(!isOpen)
        return parts
    }

    @Test func givesTheSamePartsAtEverySplit() throws {
        let bytes = Array(Self.body.utf8)
        for split in 0...bytes.count { #expect(try parts([bytes[..<split], bytes[split...]]) == Self.expected) }
        for size in 1...20 {
            let chunks = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
            #expect(try parts(chunks) == Self.expected)
        }
    }

    @Test func refusesABodyThatEndsEarly() throws {
        let bytes = Array(Self.body.utf8)
        let end = bytes.count - "--\r\nepilogue".utf8.count
        for length in 0...end { #expect(throws: ParleyError.self) { try parts([bytes[..<length]]) } }
    }

    @Test func keepsToItsLimits() throws {
        let part = "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b"
        let many = Array(("--b" + String(repeating: part, count: 4) + "--").utf8)
        #expect(try parts([many[...]], boundary: "b").count == 4)
        #expect(throws: ParleyError.self) { try parts([many[...]], boundary: "b", limits: .init(parts: 3)) }
        let long = Array(("--b\r\nX: " + String(repeating: "y", count: 200)).utf8)
        #expect(throws: ParleyError.self) { try parts([long[...]], boundary: "b", limits: .init(headers: 100)) }
        let noise = Array(repeating: UInt8(ascii: "n"), count: 1000)
        #expect(throws: ParleyError.self) { try parts([noise[...]], boundary: "b", limits: .init(preamble: 500)) }
        #expect(throws: ParleyError.self) { try parts([Array("--b\r\nA: b\r\n\r\nx\r\n--b--".utf8)[...]], boundary: "b") }
        #expect(throws: ParleyError.self) { try parts([Array("--bX\r\n".utf8)[...]], boundary: "b") }
    }

    /// As Python's urllib3 writes a form without fields.
    @Test func readsAFormWithoutParts() throws {
        for text in ["--b--\r\n", "--b\r\n--b--\r\n"] {
            #expect(try parts([Array(text.utf8)[...]], boundary: "b").isEmpty)
            #expect(try parts(Array(text.utf8).map { [$0][...] }, boundary: "b").isEmpty)
        }
    }

    @Test func holdsNoMoreOfABodyThanADelimiter() throws {
        var parser = MultipartParser(boundary: "b")
        _ = try parser.feed(ByteBuffer(string: "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"))
        var given = 0
        for _ in 0..<10 {
            for event in try parser.feed(ByteBuffer(repeating: 0x0D, count: 10_000)) {
                if case .bytes(let bytes) = event { given += bytes.readableBytes }
            }
        }
        #expect(given >= 100_000 - 8)
    }

    @Test func readsParametersOfAllSorts() {
        let plain = HeaderParameters("Form-Data; name=\"a;b=\\\"c\\\\\"; FileName = x.txt ; broken; =; y=")
        #expect(plain.value == "form-data")
        #expect(plain["name"] == "a;b=\"c\\")
        #expect(plain["y"] == "")
        #expect(
            MultipartHeaders("\r\nContent-Disposition: form-data; name=a; filename*=utf-8''na%C3%AFve%20%22.txt; filename=x")?.filename
                == "naïve \".txt")
        #expect(
            MultipartHeaders("\r\nContent-Disposition: form-data; name=\"f\"; filename=\"C:\\dir\\%22x%22.txt\"")?.filename
                == "C:\\dir\\\"x\".txt")
        #expect(MultipartHeaders("\r\nContent-Disposition: attachment; name=a") == nil)
        #expect(MultipartHeaders("") == nil)
    }
}
