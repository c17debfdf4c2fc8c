public import ParleyCore

extension Schema where Value == String {
    /// The name or title of something, which other people are shown: one line, without characters that are not seen.
    /// - Parameter length: in Unicode scalars, of what was sent; what is left has as many at least.
    public static func name(_ length: ClosedRange<Int>) -> Self {
        let text = Schema<String>.string(length)
        return Self(text.shape) { json, pointer, errors in
            guard let given = text.read(json, pointer, &errors) else { return nil }
            let name = ShownText.line(given)
            guard name.unicodeScalars.count >= length.lowerBound else {
                return errors.refuse(pointer, "must have characters that are seen")
            }
            return name
        } write: { value, writer in
            writer.write(value)
        }
    }

    public static func name(_ length: TextLength) -> Self { name(length.range) }
}
