import ParleyCore
import Testing

@Suite struct FieldErrorsTests {
    @Test func namesAHundredAndSaysThatThereAreMore() {
        var errors = FieldErrors()
        for number in 0..<100 { errors.append(FieldError("/\(number)", "is wrong")) }
        #expect(!errors.isFull && errors.summary("fields") == "100 fields are not valid; see errors.")
        let nothing: Int? = errors.refuse("/100", "is wrong")
        #expect(nothing == nil && errors.isFull && errors.list.count == 100)
        #expect(errors.summary("fields") == "More than 100 fields are not valid; the first 100 stand in errors.")
        errors.append(contentsOf: (0..<1000).lazy.map { FieldError("/\($0)", "is wrong") })
        #expect(errors.list.count == 100)
    }

    @Test func nothingIsLongerThanAnyoneReads() {
        let text = String(repeating: "é", count: 100_000)
        #expect(FieldError(text, text).pointer.utf8.count < 310 && FieldError(text, text).message.utf8.count < 510)
        let error = ParleyError(.invalidInput, text, fields: (0..<500).map { FieldError("/\($0)", "is wrong") })
        #expect(error.message.utf8.count < 2010 && error.message.hasSuffix("é…") && error.fields.count == 100)
    }

    @Test func lengthsCountScalars() {
        let length = TextLength(1...3)
        #expect(length.contains("e\u{301}x") && !length.contains("e\u{301}\u{302}x") && !length.contains(""))
        #expect(length.fitted("e\u{301}\u{302}x").unicodeScalars.elementsEqual("e\u{301}\u{302}".unicodeScalars))
    }
}
