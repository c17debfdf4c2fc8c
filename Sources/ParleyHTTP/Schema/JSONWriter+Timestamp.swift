import ParleyCore

extension JSONWriter {
    /// RFC 3339 with milliseconds and `Z`, by the proleptic Gregorian calendar (the days-from-civil arithmetic of
    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). RFC 3339 knows the years 0000 to 9999; moments outside are
    /// written as the nearest one inside.
    mutating func write(_ value: Timestamp) {
        let (day, millisecond) = Self.floorDivide(min(max(value.milliseconds, -62_167_219_200_000), 253_402_300_799_999), 86_400_000)
        let (era, dayOfEra) = Self.floorDivide(day + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        raw(UInt8(ascii: "\""))
        digits(year, 4)
        raw(UInt8(ascii: "-"))
        digits(month, 2)
        raw(UInt8(ascii: "-"))
        digits(dayOfYear - (153 * shifted + 2) / 5 + 1, 2)
        raw(UInt8(ascii: "T"))
        digits(millisecond / 3_600_000, 2)
        raw(UInt8(ascii: ":"))
        digits(millisecond / 60_000 % 60, 2)
        raw(UInt8(ascii: ":"))
        digits(millisecond / 1000 % 60, 2)
        raw(UInt8(ascii: "."))
        digits(millisecond % 1000, 3)
        raw("Z\"")
    }

    private mutating func digits(_ value: Int64, _ count: Int) {
        if count == 4 { digit(value / 1000) }
        if count >= 3 { digit(value / 100) }
        digit(value / 10)
        digit(value)
    }

    private mutating func digit(_ value: Int64) { raw(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)) }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)  // fits: both divisors are above 0
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
