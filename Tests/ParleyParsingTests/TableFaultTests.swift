import ParleyTesting
import Testing

@testable import ParleyParsing

/// Cells, and what stands in them.
@Suite struct TableFaultTests {
    private func html(_ body: String) throws -> [String] { try HTMLParser().parse(html: body).outline }

    @Test func cellsOfPagesReachOverColumnsAndRows() throws {
        let rates =
            "<table><tr><th>Region<th>2023<th>2024<th>2025<tr><td>North<td colspan=2>not sold<td>77<tr><td rowspan=2>South<td>41<td>42<td>43<tr><td>51<td>52<td>53</table>"
        #expect(
            try html(rates) == [
                "th Region | 2023 | 2024 | 2025\nNorth | not sold | not sold | 77\nSouth | 41 | 42 | 43\nSouth | 51 | 52 | 53"
            ])
        let heads = "<table><thead><tr><td rowspan=2>Region<td colspan=2>2024<tr><td>Q1<td>Q2</thead><tr><td>North<td>1<td>2</table>"
        #expect(try html(heads) == ["th Region | 2024 | 2024\nRegion | Q1 | Q2\nNorth | 1 | 2"])
        #expect(try html("<table><tr><td rowspan=0>A<td>1<tr><td>2<tr><td>3</table>") == ["td A | 1\nA | 2\nA | 3"])
        #expect(try html("<table><tr><td colspan=3>All of it<tr><td>a<td>b<td>c</table>") == ["td All of it\na | b | c"])
        #expect(try html("<table><tr><td colspan=x rowspan=-3>a<td>b<tr><td>c<td>d</table>") == ["td a | b\nc | d"])
    }

    @Test func aFirstRowOfNamesIsAHeader() throws {
        #expect(
            try html("<table><tr><td>Part<td>Stock<tr><td>Nail<td>12<tr><td>Board<td>7</table>") == [
                "th Part | Stock\nNail | 12\nBoard | 7"
            ])
        #expect(try html("<table><tr><td>Name<td>Anna<tr><td>Town<td>Norwich</table>") == ["td Name | Anna\nTown | Norwich"])
    }

    @Test func signsAndFormulasStandInCells() throws {
        let cells =
            "<table><tr><th>A<th>B<tr><td>10<sup>6</sup><td><img src=x alt=yes><tr><td>x<sub>i</sub>, H<sub>2</sub>O, 1<sup>st</sup><td><input type=checkbox checked> done</table>"
        #expect(try html(cells) == ["th A | B\n10^6 | yes\nx_i, H2O, 1st | [x] done"])
        let formula =
            "<p>So <math><mfrac><mn>1</mn><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mfrac><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup></math> holds.</p>"
        #expect(try html(formula) == ["p So 1/(a+b)=x^2 holds."])
        #expect(try html("<p>Here <math alttext=\"{\\displaystyle E=mc^{2}}\"><mi>E</mi></math> stands.") == ["p Here E=mc^{2} stands."])
    }

    private let space = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
    private func cell(_ text: String, _ properties: String = "") -> String {
        "<w:tc><w:tcPr>\(properties)</w:tcPr><w:p>\(text.isEmpty ? "" : "<w:r><w:t>\(text)</w:t></w:r>")</w:p></w:tc>"
    }

    @Test func cellsOfWordReachOverColumnsAndRows() async throws {
        let rows = [
            cell("Region") + cell("2023") + cell("2024") + cell("2025"),
            cell("North") + cell("not sold", "<w:gridSpan w:val=\"2\"/>") + cell("77"),
            cell("South", "<w:vMerge w:val=\"restart\"/>") + cell("41") + cell("42") + cell("43"),
            cell("", "<w:vMerge/>") + cell("51") + cell("52") + cell("53"),
            "<w:trPr><w:gridBefore w:val=\"2\"/></w:trPr>" + cell("62") + cell("63"),
        ].map { "<w:tr>\($0)</w:tr>" }.joined()
        let document = try await parse(Fixture.docx(body: "<w:tbl><w:tblPr><w:tblLook w:firstRow=\"1\"/></w:tblPr>\(rows)</w:tbl>"))
        #expect(
            document.outline == [
                "th Region | 2023 | 2024 | 2025\nNorth | not sold | not sold | 77\nSouth | 41 | 42 | 43\nSouth | 51 | 52 | 53\n |  | 62 | 63"
            ])
    }

    @Test func notesOfCellsStandBelowTheTable() async throws {
        let notes =
            "<w:footnotes \(space)><w:footnote w:id=\"1\"><w:p><w:r><w:t>Guests under six pay nothing.</w:t></w:r></w:p></w:footnote></w:footnotes>"
        let note = "<w:tc><w:p><w:r><w:t>Guest</w:t></w:r><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p></w:tc>"
        let inner = "<w:tbl><w:tr>\(note)\(cell("9"))</w:tr></w:tbl>"
        for table in [inner, "<w:tbl><w:tr><w:tc>\(inner)<w:p/></w:tc>\(cell("x"))</w:tr></w:tbl>"] {
            let document = try await parse(Fixture.docx(body: table, extra: [("word/footnotes.xml", notes)]))
            #expect(document.outline.last == "p [1] Guests under six pay nothing.")
        }
    }

    @Test func signsAndFormulasOfWordAreRead() async throws {
        let math = "xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\""
        func run(_ text: String) -> String { "<m:r><m:t>\(text)</m:t></m:r>" }
        let formula =
            "<m:oMath \(math)><m:sSup><m:e>\(run("a+b"))</m:e><m:sup>\(run("2"))</m:sup></m:sSup>\(run("="))<m:f><m:num>\(run("x"))</m:num><m:den>\(run("y+1"))</m:den></m:f>"
            + "<m:nary><m:naryPr><m:chr m:val=\"∑\"/></m:naryPr><m:sub>\(run("i=1"))</m:sub><m:sup>\(run("n"))</m:sup><m:e>\(run("i"))</m:e></m:nary></m:oMath>"
        let sign = "<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FC\"/></w:r>"
        let document = try await parse(Fixture.docx(body: "<w:p>\(formula)</w:p><w:p>\(sign)<w:r><w:t> done</w:t></w:r></w:p>"))
        #expect(document.outline == ["p (a+b)^2=x/(y+1)∑_(i=1)^n i", "p ✓ done"])
    }

    @Test func whatStandsBesideTheBodyIsReadOnce() async throws {
        let header = "<w:hdr \(space)><w:p><w:r><w:t>Confidential, version 3</w:t></w:r></w:p></w:hdr>"
        let comments =
            "<w:comments \(space)><w:comment w:id=\"0\" w:author=\"Ann\"><w:p><w:r><w:t>Check this.</w:t></w:r></w:p></w:comment></w:comments>"
        let file = Fixture.docx(
            body: "<w:p><w:r><w:t>Text.</w:t></w:r></w:p>",
            extra: [("word/header1.xml", header), ("word/header2.xml", header), ("word/comments.xml", comments)])
        #expect(try await parse(file).outline == ["p Text.", "p Confidential, version 3", "p Comment by Ann: Check this."])
    }

    @Test func linesOfCodeInWordStayTogether() async throws {
        let styles = "<w:styles \(space)><w:style w:type=\"paragraph\" w:styleId=\"C\"><w:name w:val=\"Code\"/></w:style></w:styles>"
        let lines = ["def f():", "    return 1"].map {
            "<w:p><w:pPr><w:pStyle w:val=\"C\"/></w:pPr><w:r><w:t xml:space=\"preserve\">\($0)</w:t></w:r></w:p>"
        }
        let file = Fixture.docx(body: lines.joined() + "<w:p><w:r><w:t>End.</w:t></w:r></w:p>", extra: [("word/styles.xml", styles)])
        #expect(try await parse(file).outline == ["code def f():\n    return 1", "p End."])
    }

    @Test func laterPartsOfATableKnowItsColumns() throws {
        let rows = (0..<60).map { "\($0),Person\($0),City\($0 % 7),\(1000 + $0)" }
        let document = try PlainTextParser().parse(text: "id,name,city,salary\n" + rows.joined(separator: "\n"), .table)
        let chunks = try Chunker(.init(target: 60, maximum: 80)) { $0.split(whereSeparator: \.isWhitespace).count }.chunks(of: document)
        #expect(chunks.count > 3)
        #expect(chunks.first?.tableHeader == nil)
        #expect(
            chunks.dropFirst().allSatisfy {
                $0.tableHeader == "id | name | city | salary" && $0.embeddedText.contains("id | name | city | salary\n")
            })
        // A header that would take the room of the rows is known all the same.
        let wide = "| " + (0..<40).map { "name\($0)" }.joined(separator: " | ") + " |\n|" + String(repeating: "---|", count: 40) + "\n"
        let cells = (0..<20).map { row in "| " + (0..<40).map { "v\(row)_\($0)" }.joined(separator: " | ") + " |" }.joined(separator: "\n")
        let parts = try Chunker(.init(target: 60, maximum: 80)) { $0.split(separator: " ").count }.chunks(
            of: MarkdownParser().parse(markdown: wide + cells))
        #expect(parts.dropFirst().allSatisfy { $0.tableHeader?.hasPrefix("name0 | name1") == true })
    }
}
