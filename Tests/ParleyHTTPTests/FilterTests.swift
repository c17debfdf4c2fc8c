import ParleyCore
import Testing

@testable import ParleyHTTP

@Suite struct FilterTests {
    private func conditions(_ text: String) -> [ListCondition]? {
        let parser = FilterParser(text, Sample.shape)
        return parser.errors.isEmpty ? parser.conditions : nil
    }

    @Test func readsEveryPartOfTheGrammar() {
        #expect(conditions("rank=1,2, 3") == [ListCondition("rank", .isOneOf([.int(1), .int(2), .int(3)]))])
        #expect(
            conditions("color!=red;rank>=2 ; rank < 9") == [
                ListCondition("color", .isNoneOf([.text("red")])), ListCondition("rank", .isAtLeast(.int(2))),
                ListCondition("rank", .isLess(.int(9))),
            ])
        #expect(conditions(#"title~"a;b,\"c\\""#) == [ListCondition("title", .contains(#"a;b,"c\"#))])
        #expect(conditions(#"tags=a,"b c",null"#) == [ListCondition("tags", .isOneOf([.text("a"), .text("b c"), .text("null")]))])
        #expect(conditions("place=null,hall") == [ListCondition("place", .isOneOf([.null, .text("hall")]))])
        #expect(conditions(#"place!="null""#) == [ListCondition("place", .isNoneOf([.text("null")]))])
        let day = Timestamp(milliseconds: 1_767_225_600_000)
        #expect(conditions("created_at>2026-01-01") == [ListCondition("created_at", .isGreater(.time(day)))])
        #expect(conditions("created_at<=2026-01-01T00:00:00Z") == [ListCondition("created_at", .isAtMost(.time(day)))])
        #expect(
            conditions("done=true;level>1.5") == [
                ListCondition("done", .isOneOf([.bool(true)])), ListCondition("level", .isGreater(.real(1.5))),
            ])
        #expect(conditions(#"title="""#) == [ListCondition("title", .isOneOf([.text("")]))])
    }

    @Test(
        arguments: [
            "", ";", "rank", "rank=", "rank==1", "rank=1;", "color=blue", "rank=one", "rank>1,2", "title>a", "color<red", "rank~1",
            "colour=red", "rank=null", "created_at>yesterday", "done=1", "level=nan", #"title="a"#, #"title="a"b""#, #"title="\"#, "=1",
            "title='a' OR 1=1;--", String(repeating: "rank=1;", count: 20) + "rank=1", "rank=" + String(repeating: "1,", count: 100) + "1",
        ])
    func refusesWhatIsNotOfIt(_ text: String) {
        let parser = FilterParser(text, Sample.shape)
        #expect(!parser.errors.isEmpty, "\(parser.conditions)")
        #expect(parser.errors.allSatisfy { $0.pointer.hasPrefix("filter") && !$0.message.isEmpty })
    }

    @Test func tellsWhichConditionIsWrong() {
        let parser = FilterParser("rank=1;color=blue;x=1;title~ok", Sample.shape)
        #expect(parser.errors.map(\.pointer) == ["filter/1", "filter/2"])
    }

    @Test func aSignatureIsOfItsPartsAndPurpose() {
        let signer = Signer(key: Array(repeating: 7 as UInt8, count: 32))
        let signature = signer.signature("cursor", ["a", "bc"])
        #expect(signature.count == 16 && signer.isValid(signature, "cursor", ["a", "bc"]))
        #expect(!signer.isValid(signature, "cursor", ["ab", "c"]) && !signer.isValid(signature, "link", ["a", "bc"]))
        #expect(!signer.isValid(Array(signature.dropLast()), "cursor", ["a", "bc"]))
        #expect(!Signer.random.isValid(signature, "cursor", ["a", "bc"]))
        #expect(Signer(key: Array(repeating: 7 as UInt8, count: 32)).isValid(signature, "cursor", ["a", "bc"]), "the same after a start")
    }
}
