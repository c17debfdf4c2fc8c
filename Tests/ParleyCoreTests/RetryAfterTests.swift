import Foundation
import ParleyCore
import Testing

@Suite struct RetryAfterTests {
    private static let now = Date(timeIntervalSince1970: 784_111_777)

    @Test(arguments: [
        ("120", Duration.seconds(120)), (" 0 ", .zero), ("Sun, 06 Nov 1994 08:50:37 GMT", .seconds(60)),
        ("Sun, 06 Nov 1994 08:48:37 GMT", .zero),
    ])
    func tellsHowLong(_ text: String, _ wait: Duration) { #expect(RetryAfter.parse(text, now: Self.now) == wait) }

    @Test(arguments: [
        "", "-1", "soon", "9223372036854775807", "99999999999999999999", "31536001", "Fri, 31 Dec 9999 23:59:59 GMT",
        "Sun, 06 Nov 2147483647 08:49:37 GMT",
    ])
    func longerThanAYearIsNothing(_ text: String) { #expect(RetryAfter.parse(text, now: Self.now) == nil) }
}
