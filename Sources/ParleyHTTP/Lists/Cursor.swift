import Foundation
public import ParleyCore

extension ErrorCode {
    public static let wrongCursor = Self("request.cursor", .invalid, "The cursor is not of this list")
}

/// A place in a list on the wire: opaque, signed, and bound to the list with its filter and order.
struct Cursor: Sendable {
    let signer: Signer
    /// The list's path and all parameters that decide what it holds and in which order.
    let list: String

    init(_ request: EndpointRequest) {
        signer = request.limits.signer
        let passing: Set = ["limit", "cursor", "fields", "include", "total", "all"]
        let pairs = request.query.pairs.filter { !passing.contains($0.name) }.map { "\($0.name)=\($0.value)" }.sorted()
        list = ([request.path] + pairs).joined(separator: "\n")
    }

    func text(_ place: ListPlace) -> String {
        let key = JSONValue.array([.bool(place.isBackwards)] + place.key.map(\.json)).text
        return Data(signer.signature("cursor", [list, key]) + Array(key.utf8)).base64URL
    }

    /// - Throws: `request.cursor` when this server did not make it for this list, filter and order.
    func place(_ text: String, _ shape: ListShape, _ order: [ListOrder]) throws -> ListPlace {
        guard let bytes = Data(base64URL: text).map({ [UInt8]($0) }), bytes.count > 16,
            let key = String(validating: bytes.dropFirst(16), as: UTF8.self),
            signer.isValid(Array(bytes.prefix(16)), "cursor", [list, key]),
            let values = (try? JSONValue(parsing: key.utf8))?.array, let isBackwards = values.first?.bool
        else {
            let field = FieldError("cursor", "must be a next_cursor or prev_cursor of this list, with the same filter and sort")
            throw ParleyError(.wrongCursor, "The cursor was not given out for this list; begin again without one.", fields: [field])
        }
        let names = order.isEmpty ? shape.standard : order
        let kinds = names.map { shape[$0.field]?.kind ?? .text }
        return ListPlace(
            values.dropFirst().enumerated().map { index, value in
                ListValue(value, index < kinds.count ? kinds[index] : shape.standard.last.flatMap { shape[$0.field]?.kind } ?? .text)
            }, isBackwards: isBackwards)
    }
}

extension ListValue {
    fileprivate var json: JSONValue {
        switch self {
        case .null: .null
        case .text(let text): .string(text)
        case .int(let number): .int(number)
        case .real(let number): .double(number)
        case .bool(let flag): .bool(flag)
        case .time(let moment): .int(moment.milliseconds)
        }
    }

    fileprivate init(_ json: JSONValue, _ kind: ListField.Kind) {
        switch (json, kind) {
        case (.int(let number), .time): self = .time(Timestamp(milliseconds: number))
        case (.int(let number), .real): self = .real(Double(number))
        case (.int(let number), _): self = .int(number)
        case (.double(let number), _): self = .real(number)
        case (.string(let text), _): self = .text(text)
        case (.bool(let flag), _): self = .bool(flag)
        default: self = .null
        }
    }
}

extension Data {
    /// Base64 for URLs without padding (RFC 4648 §5).
    var base64URL: String {
        let bytes = base64EncodedData().compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Nil when the text is not the one that `base64URL` gives for any bytes.
    init?(base64URL text: String) {
        // fits: from 0 to 3
        let padded = text.replacing("-", with: "+").replacing("_", with: "/") + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        self.init(base64Encoded: padded)
        guard base64URL == text else { return nil }
    }
}
