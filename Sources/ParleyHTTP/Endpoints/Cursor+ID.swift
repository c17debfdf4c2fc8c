public import ParleyCore

extension Cursor {
    /// The id at which a list in order of ids stands.
    /// - Throws: `input.invalid` when the cursor is of another list.
    public func id<Kind>() throws -> Identifier<Kind> {
        guard values.count == 1, let id = Identifier<Kind>(values[0]) else {
            let field = FieldError("cursor", "must be a next_cursor of this list")
            throw ParleyError(.invalidInput, "The cursor is not of this list.", fields: [field])
        }
        return id
    }
}
