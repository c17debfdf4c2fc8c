import ParleyCore

/// Which members of an object to write, looked up once for each request: an array beside the object's members, so that leaving
/// members out never costs more than writing them.
final class FieldChoice: Sendable {
    enum Member: Sendable {
        case left, whole
        /// Only some members of what the member holds.
        case part(FieldChoice)
    }

    private let members: [Member]

    private init(_ members: [Member]) { self.members = members }

    /// Beyond the known members there are none.
    subscript(index: Int) -> Member { index < members.count ? members[index] : .left }

    /// - Parameters:
    ///   - paths: names with dots between; nil for all members.
    ///   - included: related resources to write beside.
    /// - Returns: nil when the form has no members to choose from, or nothing is chosen.
    static func of(_ shape: SchemaShape, _ paths: [String]?, included: Set<String>) -> FieldChoice? {
        guard paths != nil || !included.isEmpty, let object = shape.chosen else { return nil }
        return FieldChoice(
            object.members.map { member in
                if member.isRelated, !included.contains(member.name) { return .left }
                guard let paths else { return .whole }
                let inner = paths.filter { $0.hasPrefix(member.name + ".") }.map { String($0.dropFirst(member.name.count + 1)) }
                if paths.contains(member.name) || (member.isRelated && inner.isEmpty) { return .whole }
                return inner.isEmpty ? .left : of(member.shape, inner, included: []).map { .part($0) } ?? .whole
            })
    }

    /// Why a path names nothing; nil when it names a member.
    static func complaint(_ path: String, in shape: SchemaShape) -> String? {
        var (object, walked): (ObjectShape?, [Substring]) = (shape.chosen, [])
        for name in path.split(separator: ".", omittingEmptySubsequences: false) {
            guard let member = object?.members.first(where: { $0.name == name }) else {
                let place = walked.isEmpty ? "the answer" : walked.joined(separator: ".")
                return "is not a field of \(place): \(path)"
            }
            object = member.shape.chosen
            walked.append(name)
        }
        return nil
    }
}

extension SchemaShape {
    /// The object whose members `fields=` chooses from: this one, or that of a page's or a list's items.
    var chosen: ObjectShape? {
        switch self {
        case .object(let object): object
        case .page(let shape, _), .array(let shape, _), .nullable(let shape), .defaulted(let shape, _): shape.chosen
        default: nil
        }
    }
}
