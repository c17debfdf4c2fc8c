import ParleyCore

/// Writes JSON text straight into bytes, without an intermediate tree.
public struct JSONWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []
    /// The members of the next object to write; nil for all but related resources.
    var fields: FieldChoice?

    private var object = Object()

    /// The object that is being written.
    struct Object: Sendable {
        fileprivate var wanted: FieldChoice?
        fileprivate var separator = UInt8(ascii: "{")
    }

    /// A member's name with the bytes that stand before its value.
    struct Key: Sendable {
        /// Its place among the object's members.
        let index: Int
        /// Whether it is only written when it is asked for.
        let isRelated: Bool
        let bytes: [UInt8]

        init(_ name: String, index: Int, isRelated: Bool) {
            var writer = JSONWriter()
            writer.write(name)
            writer.raw(UInt8(ascii: ":"))
            (self.index, self.isRelated, bytes) = (index, isRelated, writer.bytes)
        }
    }

    init(fields: FieldChoice? = nil) {
        self.fields = fields
        bytes.reserveCapacity(1024)
    }

    @inline(__always)
    mutating func raw(_ byte: UInt8) { bytes.append(byte) }

    mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func raw(_ text: [UInt8]) { bytes.append(contentsOf: text) }

    /// Begins an object, whose members are those in `fields`.
    /// - Returns: the object around it, for `closeObject`.
    mutating func openObject() -> Object {
        let outer = object
        object = Object(wanted: fields)
        fields = nil
        return outer
    }

    /// Writes what stands before a member's value; false when the member is not wanted.
    mutating func begin(_ key: Key) -> Bool {
        if let wanted = object.wanted {
            switch wanted[key.index] {
            case .left: return false
            case .whole: fields = nil
            case .part(let choice): fields = choice
            }
        } else if key.isRelated {
            return false
        }
        raw(object.separator)
        object.separator = UInt8(ascii: ",")
        raw(key.bytes)
        return true
    }

    mutating func closeObject(_ outer: Object) {
        if object.separator == UInt8(ascii: "{") { raw(object.separator) }
        raw(UInt8(ascii: "}"))
        fields = object.wanted
        object = outer
    }

    mutating func write(_ value: Bool) { raw(value ? "true" : "false") }

    mutating func write(_ value: some BinaryInteger) { bytes.append(contentsOf: String(value).utf8) }

    /// JSON has no infinities and no NaN; they become null.
    mutating func write(_ value: Double) {
        guard value.isFinite else { return raw("null") }
        if value.magnitude < 0x1p53, let whole = Int64(exactly: value) { return write(whole) }
        bytes.append(contentsOf: value.description.utf8)
    }

    mutating func write(_ value: String) {
        raw(UInt8(ascii: "\""))
        let isDone: Void? = value.utf8.withContiguousStorageIfAvailable { escape($0) }
        if isDone == nil { Array(value.utf8).withUnsafeBufferPointer { escape($0) } }
        raw(UInt8(ascii: "\""))
    }

    /// Copies runs that need no escape as a whole.
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in 0..<text.count {
            let byte = text[index]
            if byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") { continue }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
            writeEscape(byte)
            start = index + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }

    private mutating func writeEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): raw("\\\"")
        case UInt8(ascii: "\\"): raw("\\\\")
        case 0x0A: raw("\\n")
        case 0x0D: raw("\\r")
        case 0x09: raw("\\t")
        default:
            raw("\\u00")
            raw(Self.hexadecimal[Int(byte >> 4)])
            raw(Self.hexadecimal[Int(byte & 15)])
        }
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let value): write(value)
        case .int(let value): write(value)
        case .double(let value): write(value)
        case .string(let value): write(value)
        case .array(let elements): list(elements) { $0.write($1) }
        case .object(let members):
            raw(UInt8(ascii: "{"))
            var isFirst = true
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                if !isFirst { raw(UInt8(ascii: ",")) }
                isFirst = false
                write(name)
                raw(UInt8(ascii: ":"))
                write(member)
            }
            raw(UInt8(ascii: "}"))
        }
    }

    mutating func list<Element>(_ elements: [Element], _ write: (inout Self, Element) -> Void) {
        raw(UInt8(ascii: "["))
        for index in elements.indices {
            if index > 0 { raw(UInt8(ascii: ",")) }
            write(&self, elements[index])
        }
        raw(UInt8(ascii: "]"))
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)
}
