import Foundation
import ParleyTesting
import Testing

@testable import ParleyParsing

@Suite struct DetectionTests {
    private func type(_ text: String, _ name: String? = nil) async throws -> String {
        try await withFile(Array(text.utf8)) { try MediaTypeDetector.detect(file: $0, name: name).mediaType }
    }

    @Test func textTypesByContent() async throws {
        #expect(try await type("<!-- c --><html><p>x</p></html>", "a.txt") == "text/html")
        #expect(try await type("<p>One</p>\n<p>Two<br></p>", "a.md") == "text/html")
        #expect(try await type("# Title\n\nSee [this](x).\n\n- a\n- b\n") == "text/markdown")
        #expect(try await type("Just words.\n\nMore words.") == "text/plain")
        #expect(try await type("Just words.\n\nMore words.", "notes.md") == "text/markdown")
        #expect(try await type("Use a < b in the code.\n# a comment", "a.txt") == "text/plain")
    }

    @Test func othersAreRefusedByName() async throws {
        let mail = "Received: by x\nFrom: a@b\nTo: c@d\nSubject: hi\n\nText"
        let cases: [([UInt8], String)] = [
            (Fixture.zip([("xl/workbook.xml", "<x/>")]), "Excel"), (Fixture.zip([("ppt/presentation.xml", "<x/>")]), "PowerPoint"),
            (Fixture.zip([("mimetype", "application/epub+zip")]), "EPUB"),
            (Fixture.zip([("mimetype", "application/vnd.oasis.opendocument.text")]), "OpenDocument"),
            (Fixture.zip([("a.txt", "x")]), "ZIP"),
            (CompoundFile.signature + "WordDocument".utf16.flatMap { [UInt8($0), 0] }, ".doc"),
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0, 1], "PNG"),
            (Array("{\\rtf1 x}".utf8), "RTF"), (Array(mail.utf8), "E-mail"),
            ((0..<2000).map { UInt8(truncatingIfNeeded: $0 * 7) }, "binary"),
        ]
        for (bytes, word) in cases {
            let error = await #expect(throws: (any Error).self) { try await parse(bytes, "a.pdf") }
            #expect("\(error as Any)".contains(word), "\(word)")
            #expect("\(error as Any)".contains("document.unsupported_type"))
        }
        #expect(await errorCode { _ = try await parse([]) } == .uploadEmpty)
        let locked = CompoundFile.signature + "EncryptedPackage".utf16.flatMap { [UInt8($0), 0] }
        #expect(await errorCode { _ = try await parse(locked) } == .documentEncrypted)
    }
}

@Suite struct DecodingTests {
    private static let samples: [(charset: String, text: String)] = [
        ("windows-1252", "Der Preis betrug 15,50 € – köstlich, wie schön. L’été était très chaud, ça va."),
        ("windows-1251", "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему."),
        ("koi8-r", "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему."),
        ("shift_jis", "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。"),
        ("euc-jp", "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。"),
        ("gb18030", "这是一个中文的文件，我们在这里说明它的内容和用法。中国人民生活在这个国家。"),
        ("big5", "這是一個中文的文件，我們在這裡說明它的內容和用法。這個國家的人民生活。"),
        ("euc-kr", "모든 국민은 법 앞에 평등하다. 누구든지 성별 종교 또는 사회적 신분에 의하여 차별을 받지 아니한다."),
        ("windows-1253", "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα."),
        ("iso-2022-jp", "吾輩は猫である。名前はまだ無い。"), ("utf-16le", "Plain words, café."), ("utf-16be", "Plain words, café."),
        ("utf-32le", "Plain words."), ("utf-32be", "Plain words."), ("utf-8", "naïve 日本 🦆"),
    ]

    @Test(arguments: samples) func findsTheEncoding(charset: String, text: String) async throws {
        let names = ["shift_jis": "CP932", "euc-kr": "CP949"]
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/iconv")
        let bytes = try await withFile(Array(text.utf8)) { file in
            process.arguments = ["-f", "UTF-8", "-t", names[charset] ?? charset.uppercased(), file.path]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            defer { process.waitUntilExit() }
            return [UInt8](try pipe.fileHandleForReading.readToEnd() ?? Data())
        }
        let decoded = TextDecoder.decode(bytes)
        #expect(decoded.text == text)
        #expect(decoded.charset == charset)
        #expect(decoded.warning == nil)
    }

    @Test func marksAndDeclarations() {
        #expect(TextDecoder.decode([0xFF, 0xFE, 0x41, 0, 0x42, 0]).text == "AB")
        #expect(TextDecoder.decode([0xEF, 0xBB, 0xBF, 0x41]).text == "A")
        let page = Array("<meta charset='iso-8859-2'>".utf8) + [0xB1]
        #expect(TextDecoder.decode(page, declared: CharsetName.declared(in: page)).text.hasSuffix("ą"))
        #expect(CharsetConverter.decode([0x41, 0xFF, 0x42], from: "euc-jp").losses == 1)
    }
}
