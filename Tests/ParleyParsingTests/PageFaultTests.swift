import ParleyTesting
import Testing

@testable import ParleyParsing

/// What stands at the edges of pages, and beside their text.
@Suite struct PageFaultTests {
    private typealias Line = (text: String, size: Int, top: Int)

    @Test func edgesThatCarryContentStay() async throws {
        let pages = (1...3).map { page -> [Line] in
            [("Invoice \(1000 + page)", 14, 40), ("Goods for guest \(page).", 11, 300), ("Total: \(103 + 7 * page) EUR", 11, 760)]
        }
        let invoices = try await parse(Fixture.pdf(pages))
        #expect(invoices.isSound && invoices.warnings.isEmpty)
        for page in 1...3 {
            #expect(invoices.text.contains("Invoice \(1000 + page)") && invoices.text.contains("Total: \(103 + 7 * page) EUR"))
        }
        let order = invoices.outline.map { $0.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
        #expect(order == ["Invoice", "Goods", "Total:", "Invoice", "Goods", "Total:", "Invoice", "Goods", "Total:"])
        let lots = try await parse(
            Fixture.pdf((1...4).map { [("Lot \($0)", 11, 40), ("A chair.", 11, 300), ("\(40 * $0 * $0)", 11, 760)] }))
        for lot in 1...4 { #expect(lots.text.contains("Lot \(lot)") && lots.text.contains("\(40 * lot * lot)")) }
    }

    @Test func whatRepeatsStandsOnceAndIsTold() async throws {
        let pages = (1...5).map { page -> [Line] in
            [
                ("Warning: high voltage inside", 11, 40), ("Panel \(page) feeds hall \(page).", 11, 300),
                ("Plant manual | \(page)", 9, 750), ("Page \(page) of 5", 9, 770),
            ]
        }
        let document = try await parse(Fixture.pdf(pages))
        #expect(document.text.ranges(of: "Warning: high voltage inside").count == 1)
        #expect(document.text.ranges(of: "Plant manual").count == 1)
        #expect(!document.text.contains("Page 2"))
        #expect(document.warnings.count == 2 && document.warnings[0].contains("“Warning: high voltage inside” (4)"))
    }

    @Test func paragraphsGoOnBehindEdges() async throws {
        let pages: [[Line]] = (1...3).map { page in
            [
                ("Running head", 9, 40),
                (
                    page == 1 ? "A sentence that begins here and is long enough to" : "go on over the end of the page without any stop", 11,
                    120
                ),
                ("fill the line and goes further still, as sentences do that", 11, 134), ("\(page)", 9, 770),
            ]
        }
        let document = try await parse(Fixture.pdf(pages))
        #expect(document.text.contains("as sentences do that go on over the end of the page"))
    }

    @Test func theFirstLinesOfAPageAreText() async throws {
        let pages: [[Line]] = (1...3).map { page in
            [
                ("Text number \(page) begins near the upper edge and", 11, 70), ("goes on there with a second line, and with", 11, 84),
                ("a third that stands lower and", 11, 98),
            ]
                + (0..<4).map { ("more, line \($0) of page \(page), and", 11, 112 + 14 * $0) }
        }
        let document = try await parse(Fixture.pdf(pages))
        for page in 1...3 { #expect(document.text.contains("Text number \(page) begins near the upper edge and goes on there")) }
    }

    @Test func pagesWithoutATextLayerAreAlwaysTold() async throws {
        var pages: [[Line]] = (1...30).map { [("Words of page \($0) that differ: \($0 * $0).", 11, 300)] }
        pages[11] = []
        #expect(try await parse(Fixture.pdf(pages)).warnings.contains("1 of 30 pages have no text layer and could not be read: 12."))
    }

    @Test func notesAsideOfTheTextAreText() throws {
        let note = "<aside class=caution><p>Never open the lid.</p></aside>"
        let text = "<p>" + String(repeating: "Fill the boiler with water. ", count: 10) + "</p>"
        for page in ["<main>\(text)\(note)</main>", "<article>\(text)\(note)<footer>By Ann</footer></article>", "\(text)\(note)"] {
            #expect(try HTMLParser().parse(html: "<html><body>\(page)</body></html>").text.contains("Never open the lid."))
        }
        let page = try HTMLParser().parse(html: "<body><nav>Menu</nav><main>\(text)</main><aside>Other posts</aside></body>")
        #expect(!page.text.contains("Other posts"))
        #expect(page.warnings == ["What stands around the page's content (menus, footers and the like) was left out: 19 characters."])
    }

    @Test func headsThatOpenTextAreText() throws {
        let faq =
            "<html><body><header><h1>Only title</h1></header><h3><button>How do I return it?</button></h3><p>By mail.</p><dl><dt><button>Fee</button><dd>9</dl></body></html>"
        let text = try HTMLParser().parse(html: faq).text
        for part in ["Only title", "How do I return it?", "Fee"] { #expect(text.contains(part)) }
    }

    @Test func longMainContentBesideOthersIsNotAllThereIs() throws {
        let page =
            "<article>" + String(repeating: "A short post. ", count: 20) + "</article><div>"
            + String(repeating: "The long text of the page. ", count: 60) + "</div>"
        #expect(try HTMLParser().parse(html: page).text.contains("The long text of the page."))
    }

    @Test(arguments: [
        "<p>one<!--> two <p>three", "<p>one <!-- two <p>three", "<title>T<p>one two three", "<p>one two three <b",
        "<p>one two <textarea>three",
    ])
    func whatIsNeverClosedTakesNothingWithIt(_ page: String) throws {
        let text = try HTMLParser().parse(html: page).text
        for word in ["one", "two"] { #expect(text.contains(word)) }
        #expect(text.contains("three") || page.contains("textarea"))
    }

    @Test func tablesWithoutRulesAreTables() async throws {
        let file = Fixture.placedPDF([
            ("The prices below hold from March on and replace those of the last year in all shops.", 11, 72, 130), ("Part", 11, 72, 170),
            ("Stock", 11, 250, 170),
            ("Price", 11, 380, 170), ("Wooden board", 11, 72, 186), ("12", 11, 250, 186), ("4.50", 11, 380, 186),
            ("Iron nail", 11, 72, 202), ("0.02", 11, 380, 202),
            ("Glass pane", 11, 72, 218), ("7", 11, 250, 218), ("19.00", 11, 380, 218),
            ("All prices are without tax and hold as long as the stock lasts in the shops.", 11, 72, 260),
        ])
        let document = try await parse(file)
        #expect(document.outline.count == 3)
        #expect(document.outline[1] == "th Part | Stock | Price\nWooden board | 12 | 4.50\nIron nail |  | 0.02\nGlass pane | 7 | 19.00")
    }

    @Test func columnsOfProseAreNoTable() async throws {
        let left = (0..<8).map { ("The left column tells one story \($0) and", 10, 60, 200 + 14 * $0) }
        let right = (0..<8).map { ("the right column tells another \($0) of", 10, 330, 200 + 14 * $0) }
        #expect(try await !parse(Fixture.placedPDF(left + right)).outline.contains { $0.hasPrefix("t") })
    }
}
