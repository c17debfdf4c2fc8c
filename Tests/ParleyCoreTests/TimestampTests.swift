import Foundation
import ParleyCore
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (1_795_339_800_123, "2026-11-22T09:30:00.123Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_400_001, "2100-03-01T00:00:00.001Z"),
    ])
    func printsRFC3339WithMilliseconds(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test func everyMillisecondSurvivesTheText() {
        let moments = (Int64(0)..<1000).map { Timestamp(milliseconds: 1_795_339_800_000 + $0) }
        #expect(moments.filter { Timestamp(rfc3339: $0.description) != $0 }.isEmpty)
    }

    @Test(arguments: [
        ("2026-11-22T09:30:00Z", Int64(1_795_339_800_000)), ("2026-11-22T09:30:00.5Z", 1_795_339_800_500),
        ("2026-11-22T10:30:00+01:00", 1_795_339_800_000),
    ])
    func reads(text: String, milliseconds: Int64) { #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds) }

    @Test(arguments: ["", "now", "2026-13-22T09:30:00Z", "22.11.2026"])
    func refuses(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

    @Test func calculates() {
        let moment = Timestamp(milliseconds: 10_000)
        #expect(moment + .seconds(2) == Timestamp(milliseconds: 12_000))
        #expect(moment - .milliseconds(1) == Timestamp(milliseconds: 9999))
        #expect((moment + .seconds(2)) - moment == .seconds(2))
        #expect(Duration.milliseconds(1500).seconds == 1.5)
    }

    @Test func noMomentIsTooFar() {
        let (first, last) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max))
        #expect(last + .seconds(1) == last && first - .seconds(1) == first && last - first == .milliseconds(Int64.max))
        #expect(Duration.seconds(Int64.max).milliseconds == .max && Duration.seconds(Int64.min).milliseconds == .min)
        #expect(Timestamp(Date(timeIntervalSince1970: .infinity)) == last && Timestamp(Date(timeIntervalSince1970: -1e300)) == first)
        #expect(!first.description.isEmpty && !last.description.isEmpty)
    }
}
