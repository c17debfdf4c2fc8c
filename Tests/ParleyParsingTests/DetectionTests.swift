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
        #expect(try await type("<p>One</p>\n<p>Two<br></p>", "page") == "text/html")
        #expect(try await type("<p>One</p>\n<p>Two<br></p>", "a.md") == "text/markdown")
        #expect(try await type("<html><p>One</p></html>", "a.md") == "text/html")
        #expect(try await type("# Title\n\nSee [this](x).\n\n- a\n- b\n") == "text/markdown")
        #expect(try await type("Just words.\n\nMore words.") == "text/plain")
        #expect(try await type("Just words.\n\nMore words.", "notes.md") == "text/markdown")
        #expect(try await type("Use a < b in the code.\n# a comment", "a.txt") == "text/plain")
    }

    @Test(arguments: ["README.md", "README", "readme.txt"]) func aReadmeMayBeginWithHTML(_ name: String) async throws {
        let badge = "<p align=\"center\">\n<a href=\"https://example.org\"><img src=\"x.svg\"></a>\n</p>\n\n"
        let source = badge + "# Heron\n\n**Fast** and [small](x).\n\n## Use\n\n```sh\nheron run\n```\n\n- one\n- two\n"
        #expect(try await type(source, name) == "text/markdown")
    }

    @Test(arguments: [
        "A PDF begins with `%PDF-1.7`, a PNG with 0x89.", "%PDF-1.4 is what a reader looks for.", "WEBP", "About WAVE and WEBP files.",
        "Convert WAVE to MP3.", "ID3 tags hold the title.", "OggS marks each page of the stream.", "BZh is followed by a digit.",
        "Rar! stands at the start.", "GIF89a came after GIF87a.", "The ftyp box names the brand.", "SQLite format 3 is the header's text.",
        "%!PS alone makes no document.", "{\\rtf is how RTF begins.", "```\n%PDF-1.4\n1 0 obj\n<< >>\nendobj\n```\nThat is a PDF.",
    ]) func textsThatSpeakOfFormatsAreTexts(_ text: String) async throws {
        for name in ["about.md", "about.txt", "about"] {
            for padded in [text, "1234" + text, "12345678" + text] {
                #expect(try await type(padded, name).hasPrefix("text/"), "\(name) \(padded)")
            }
        }
    }

    @Test func aBrokenPDFIsAPDF() async throws {
        #expect(try await type("%PDF-1.7 broken", "broken.pdf") == "application/pdf")
        #expect(try await type("%PDF-1.4\n", "a") == "application/pdf")
        #expect(try await type("%PDF-1.4\n1 0 obj\n<< >>\nendobj\n", "a.txt") == "application/pdf")
    }

    @Test func codeAndDataAreNoMarkdown() async throws {
        let settings = "# ports\nserver:\n  port: 80\n# limits\nlimits:\n- a\n- b\n- c\n"
        #expect(try await type(settings, "config.yaml") == "text/plain")
        #expect(try await type("# a\n# b\n- x\n- y\n[a](b)\n", "run.sh") == "text/plain")
    }

    @Test func bytesThatSomeTextsHaveMakeNoBinary() async throws {
        for text in [
            "one\0two\n", "short\u{1}", "N\u{8}NA\u{8}A\n", "\u{1B}[31mred\u{1B}[0m\n", "padded\n" + String(repeating: "\0", count: 3000),
        ] {
            #expect(try await type(text, "a.log") == "text/plain")
        }
    }

    @Test func othersAreRefusedByName() async throws {
        let cases: [([UInt8], String)] = [
            (Fixture.zip([("xl/workbook.xml", "<x/>")]), "Excel"), (Fixture.zip([("ppt/presentation.xml", "<x/>")]), "PowerPoint"),
            (Fixture.zip([("mimetype", "application/epub+zip")]), "EPUB"),
            (Fixture.zip([("mimetype", "application/vnd.oasis.opendocument.text")]), "OpenDocument"),
            (Fixture.zip([("META-INF/MANIFEST.MF", "x")]), "Java"),
            (CompoundFile.signature + "WordDocument".utf16.flatMap { [UInt8($0), 0] }, ".doc"),
            (Array("GIF89a".utf8) + [1, 0, 1, 0], "GIF"),
            (Array("{\\rtf1 x}".utf8), "RTF"),
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

    @Test func oneWrongByteIsOneMark() {
        for text in ["Die Größe der Tür beträgt zwei Meter.", "会議は三時から始まります。", "Совещание начинается в три."] {
            let bytes = Array(text.utf8)
            for wrong: [UInt8] in [[0xE9], [0xFF], [0x80], [0xC3]] {
                let decoded = TextDecoder.decode(bytes + Array(" x".utf8) + wrong + Array(" y".utf8))
                #expect(decoded.text == text + " x\u{FFFD} y")
                #expect(decoded.charset == "utf-8")
                #expect(decoded.warning?.contains("one character") == true)
            }
            let cut = TextDecoder.decode(Array(bytes.dropLast(text.last == "。" ? 1 : 0) + (text.last == "。" ? [] : [0xD0])))
            #expect(cut.text.unicodeScalars.filter { $0 == "\u{FFFD}" }.count == 1)
        }
        #expect(
            TextDecoder.decode(Array("a plain line\n".utf8) + [0x81] + Array(String(repeating: "plain line\n", count: 20).utf8)).charset
                == "utf-8")
        #expect(TextDecoder.decode(Array("caf".utf8) + [0xE9]).text == "café", "ASCII and one letter of Latin-1")
        #expect(TextDecoder.decode([0xEF, 0xBB, 0xBF] + Array("Gr".utf8) + [0xF6, 0xDF, 0x65]).text == "Größe", "a mark that lies")
        let page = Array("<meta charset=iso-8859-1>Größe der Tür, schön und weiß".utf8) + [0xE9]
        #expect(TextDecoder.decode(page, declared: "iso-8859-1").text.hasSuffix("Größe der Tür, schön und weiß\u{FFFD}"))
    }

    @Test func zerosDoNotChangeTheEncoding() {
        let text = TextDecoder.decode(Array("Die Pumpe\0 läuft mit fünf bar.\nDer Tank ist voll.".utf8))
        #expect(text.text == "Die Pumpe läuft mit fünf bar.\nDer Tank ist voll.")
        #expect(text.warning == "One NUL character was left out.")
        #expect(TextDecoder.decode(Array("größe\0tür\0maß\0".utf8)).text == "größe\ntür\nmaß", "entries parted by zeros")
        #expect(TextDecoder.decode(Array("a\0bcdefghi".utf8)).charset == "utf-8")
        #expect(TextDecoder.decode(Array("你好 世界".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })).text == "你好 世界")
        for text in ["你好世界", "こんにちは", "안녕하세요"] {
            #expect(TextDecoder.decode(Array(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })).text == text)
            #expect(TextDecoder.decode(Array(text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })).text == text)
        }
        #expect(TextDecoder.decode(Array("Привет мир".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })).text == "Привет мир")
    }

    /// By the bytes of each encoding, so that no program is needed.
    @Test(arguments: [
        ("請求書番号", "shift_jis", [0x90, 0xBF, 0x8B, 0x81, 0x8F, 0x91, 0x94, 0xD4, 0x8D, 0x86]),
        ("価格", "shift_jis", [0x89, 0xBF, 0x8A, 0x69]),
        ("合同编号", "gb18030", [0xBA, 0xCF, 0xCD, 0xAC, 0xB1, 0xE0, 0xBA, 0xC5]), ("价格", "gb18030", [0xBC, 0xDB, 0xB8, 0xF1]),
        ("價格", "big5", [0xBB, 0xF9, 0xAE, 0xE6]), ("가격", "euc-kr", [0xB0, 0xA1, 0xB0, 0xDD]),
        ("שלום", "windows-1255", [0xF9, 0xEC, 0xE5, 0xED]), ("Größe", "windows-1252", [0x47, 0x72, 0xF6, 0xDF, 0x65]),
    ]) func shortTextsKeepTheirScript(text: String, charset: String, bytes: [UInt8]) {
        let decoded = TextDecoder.decode(bytes)
        #expect(decoded.text == text)
        #expect(decoded.charset == charset)
    }

    @Test func marksAndDeclarations() {
        #expect(TextDecoder.decode([0xFF, 0xFE, 0x41, 0, 0x42, 0]).text == "AB")
        #expect(TextDecoder.decode([0xEF, 0xBB, 0xBF, 0x41]).text == "A")
        let page = Array("<meta charset='iso-8859-2'>".utf8) + [0xB1]
        #expect(TextDecoder.decode(page, declared: CharsetName.declared(in: page)).text.hasSuffix("ą"))
        #expect(CharsetConverter.decode([0x41, 0xFF, 0x42], from: "euc-jp").losses == 1)
    }
}
