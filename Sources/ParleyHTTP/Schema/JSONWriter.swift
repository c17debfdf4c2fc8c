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

    mutating func write(_ value: Double) { JSONBytes.append(value, to: &bytes) }

    mutating func write(_ value: String) { JSONBytes.append(value, to: &bytes) }

    mutating func write(_ value: JSONValue) { JSONBytes.append(value, to: &bytes) }

    mutating func list<Element>(_ elements: [Element], _ write: (inout Self, Element) -> Void) {
        raw(UInt8(ascii: "["))
        for index in elements.indices {
            if index > 0 { raw(UInt8(ascii: ",")) }
            write(&self, elements[index])
        }
        raw(UInt8(ascii: "]"))
    }
}
