import CPostgres
import ParleyCore

/// Bound values in PostgreSQL's binary format with their types.
struct PostgresParameters {
    let types: [Oid]
    /// Nil for NULL.
    private let values: [[UInt8]?]

    init(_ values: [SQLValue]) {
        let encoded = values.map(Self.encode)
        (types, self.values) = (encoded.map(\.0), encoded.map(\.1))
    }

    var count: Int32 { Int32(clamping: values.count) }

    /// Pointers, lengths and formats as libpq takes them.
    func withPointers<R>(_ body: ([UnsafePointer<CChar>?], [Int32], [Int32]) throws -> R) rethrows -> R {
        let bytes = values.reduce(into: [UInt8]()) { $0 += ($1 ?? []) + [0] }
        return try bytes.withUnsafeBytes { buffer in
            let base = buffer.bindMemory(to: CChar.self).baseAddress
            var offset = 0
            let pointers = values.map { value -> UnsafePointer<CChar>? in
                defer { offset += (value?.count ?? 0) + 1 }
                return value == nil ? nil : base.map { $0 + offset }
            }
            return try body(pointers, values.map { Int32(clamping: $0?.count ?? 0) }, values.map { _ in 1 })
        }
    }

    private static func encode(_ value: SQLValue) -> (Oid, [UInt8]?) {
        switch value {
        case .null: (0, nil)
        case .int(let number): (PostgresType.int8, big(number))
        case .real(let number): (PostgresType.float8, big(Int64(bitPattern: number.bitPattern)))
        case .text(let text): (PostgresType.text, Array(text.utf8))
        case .blob(let blob): (PostgresType.bytea, blob)
        case .bool(let flag): (PostgresType.bool, [flag ? 1 : 0])
        case .time(let moment): (PostgresType.timestamptz, big((moment.milliseconds &- PostgresType.epoch) &* 1000))
        // The version of the format stands before the text.
        case .json(let text): (PostgresType.jsonb, [1] + Array(text.utf8))
        }
    }

    private static func big(_ number: Int64) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
}

/// Reads the rows of results that have the same columns.
struct PostgresRows {
    private let columns: Columns
    private let types: [Oid]

    init(_ result: OpaquePointer) {
        let count = PQnfields(result)
        columns = Columns((0..<count).map { String(cString: PQfname(result, $0)) })
        types = (0..<count).map { PQftype(result, $0) }
    }

    /// - Throws: `DatabaseError` when a column has a type that no statement should give.
    func row(_ row: Int32, of result: OpaquePointer) throws -> Row {
        var values: [SQLValue] = []
        values.reserveCapacity(types.count)
        for (column, type) in zip(Int32(0)..., types) {
            if PQgetisnull(result, row, column) == 1 {
                values.append(.null)
            } else {
                let bytes = UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
                values.append(try PostgresType.decode(bytes, type))
            }
        }
        return Row(columns: columns, values: values)
    }
}

/// PostgreSQL's types that Parley's statements meet (pg_type.dat), and how to read them.
enum PostgresType {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let json: Oid = 114
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let timestamptz: Oid = 1184
    static let jsonb: Oid = 3802
    static let xid8: Oid = 5069
    private static let texts: Set<Oid> = [text, 18, 19, 705, 1042, 1043]

    /// 2000-01-01T00:00:00Z in milliseconds since 1970.
    static let epoch: Int64 = 946_684_800_000

    /// - Throws: `DatabaseError` for a type no statement should give.
    static func decode(_ bytes: UnsafeRawBufferPointer, _ type: Oid) throws -> SQLValue {
        switch type {
        case bool: return .bool(bytes.first == 1)
        case bytea: return .blob(Array(bytes))
        case int8, xid8: return .int(big(bytes, Int64.self))
        case int4: return .int(Int64(big(bytes, Int32.self)))
        case int2: return .int(Int64(big(bytes, Int16.self)))
        case float8: return .real(Double(bitPattern: UInt64(bitPattern: big(bytes, Int64.self))))
        case float4: return .real(Double(Float(bitPattern: UInt32(bitPattern: big(bytes, Int32.self)))))
        case timestamptz: return .time(Timestamp(milliseconds: milliseconds(big(bytes, Int64.self))))
        case json: return .json(String(decoding: bytes, as: UTF8.self))
        case jsonb: return .json(String(decoding: bytes.dropFirst(), as: UTF8.self))
        case let other where texts.contains(other): return .text(String(decoding: bytes, as: UTF8.self))
        default: throw DatabaseError(.other, "a column has PostgreSQL type \(type), which is not read here")
        }
    }

    private static func big<Number: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _: Number.Type) -> Number {
        guard bytes.count >= MemoryLayout<Number>.size else { return 0 }
        return Number(bigEndian: bytes.loadUnaligned(as: Number.self))
    }

    /// Microseconds since 2000 as milliseconds since 1970, rounded down.
    private static func milliseconds(_ microseconds: Int64) -> Int64 {
        microseconds / 1000 - (microseconds % 1000 < 0 ? 1 : 0) + epoch
    }
}
