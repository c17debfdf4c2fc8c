import Testing

@testable import ParleyParsing

/// Lines that are more than the lines of a paragraph.
@Suite struct PlainTextFaultTests {
    private func outline(_ source: String, _ name: TextName = .unknown) throws -> [String] {
        let document = try PlainTextParser().parse(text: source, name)
        #expect(document.isSound)
        return document.outline
    }

    @Test func recordsKeepTheirLines() throws {
        let log = (1...20).map { "2026-03-\(9 + $0) 12:00:01 ERROR pump \($0) stopped at pressure \($0)\($0) bar in hall \($0)" }
        #expect(try outline(log.joined(separator: "\n")) == ["p " + log.joined(separator: "\n")])
        let people = (1...4).map { "Person\($0), \($0)\($0) High Street, Norwich, telephone 555-\($0)\($0)\($0)\($0)" }.joined(
            separator: "\n")
        #expect(
            try outline("Guests\n\n" + people + "\n\nEnd.", .prose).contains {
                $0.contains("555-1111\nPerson2") || $0.contains("555-1111") && $0.contains("\nPerson2")
            })
        let labels =
            "Name of the guest: Anna Smith of Norwich in Norfolk\nRoom and the floor: 12 on the second floor of the house\nDay of the arrival: the third of March in the morning"
        #expect(try outline("A\n\n" + labels + "\n\nB").contains("p " + labels))
    }

    @Test func proseIsJoinedWhateverItsCommas() throws {
        let lines = [
            "You can upload files with a text layer, web pages, plain text in any encoding, and",
            "documents of Word, since the format is told from the content, not from the name, so",
            "that a file with a wrong name is read, which happens often, more than one thinks, and",
            "is no fault of anybody.",
        ]
        #expect(try outline("Title\n\n" + lines.joined(separator: "\n"), .prose).last == "p " + lines.joined(separator: " "))
        #expect(try MarkdownParser().parse(markdown: lines.joined(separator: "\n")).text == lines.joined(separator: " "))
    }

    @Test func tablesOfSignsAreTables() throws {
        let source =
            "part number and name,stock in the hall,remark\n1000,wooden board of the oak kind,-\n1001,wooden board of the elm kind,-\n1002,\"a, b\",-"
        let table =
            "th part number and name | stock in the hall | remark\n1000 | wooden board of the oak kind | -\n1001 | wooden board of the elm kind | -\n1002 | a, b | -"
        #expect(try outline(source, .table) == [table])
        #expect(try outline(source) == [table])
        #expect(
            try outline("sep=;\nName;Note\nAnna;\"two\nlines\"\n\"say \"\"hi\"\"\";x", .table) == [
                "th Name | Note\nAnna | two lines\nsay \"hi\" | x"
            ])
        #expect(try outline("Report\n\nid\tname\tage\n1\tAnna\t34\n", .table) == ["p Report", "th id | name | age\n1 | Anna | 34"])
        #expect(try outline("a,b\n1,\"never closed\n2,c", .table) == ["th a | b\n1 | \"never closed\n2 | c"])
    }

    @Test func columnsAreTables() throws {
        let source =
            "Prices\n\nPart          Stock   Price\nWooden board     12    4.50\nIron nail      1500    0.02\nSteel hinge            2.10\n\nEnd of the list."
        #expect(
            try outline(source, .prose)[1]
                == "th Part | Stock | Price\nWooden board | 12 | 4.50\nIron nail | 1500 | 0.02\nSteel hinge |  | 2.10")
        let ruled = "A\n\n id | name\n----+------\n  1 | Anna\n  2 | Bert\n\nEnd."
        #expect(try outline(ruled)[1] == "th id | name\n1 | Anna\n2 | Bert")
        let prose =
            "A\n\nThe left column of a page tells one     The right column tells another and\nstory that goes on from line to line,    goes on in the same way, so that no\nwithout an end that one could see.       row of the two is one of a table.\n\nB"
        #expect(try !outline(prose, .prose).contains { $0.hasPrefix("t") })
    }

    @Test func indentationStays() throws {
        let code =
            "def price(count):\n    # half\n    if count:\n        return 5\n\n\nclass Shop:\n    def open(self):\n        return \"nine\"\n\n    def close(self):\n        return 1"
        let expected = [
            "code def price(count):\n    # half\n    if count:\n        return 5",
            "code class Shop:\n    def open(self):\n        return \"nine\"", "code     def close(self):\n        return 1",
        ]
        #expect(try outline(code, .code) == expected)
        #expect(try outline(code) == expected)
        let settings = "server:\n  port: 8080\n  hosts:\n    - a\n    - b\nlimits:\n  size: 10"
        #expect(try outline(settings, .code) == ["code " + settings])
        #expect(try outline(settings) == ["code " + settings])
    }

    @Test func itemsKeepTheirCode() throws {
        #expect(
            try outline("Steps\n\n1. Run this:\n       make all\n       make install\n2. Stop.\n\nEnd.", .prose).dropFirst().prefix(2) == [
                "li 1. Run this:\nmake all\nmake install", "li 2. Stop.",
            ])
    }

    @Test func signsForTerminalsGo() throws {
        #expect(try outline("\u{1B}[1;31mERROR\u{1B}[0m pump\u{1B}]0;title\u{7} stopped", .lines) == ["p ERROR pump stopped"])
        #expect(try outline("N\u{8}NA\u{8}AM\u{8}ME\u{8}E and _\u{8}u_\u{8}s_\u{8}e", .lines) == ["p NAME and use"])
    }

    @Test func lettersTakenApartArePutTogether() throws {
        #expect(try outline("Gro\u{308}ße der Tu\u{308}r", .lines) == ["p Größe der Tür"])
        let text = try PlainTextParser().parse(text: "\u{1112}\u{1161}\u{11AB} か\u{3099}", .lines).text
        #expect(Array(text.unicodeScalars) == Array("한 が".unicodeScalars))
    }
}
