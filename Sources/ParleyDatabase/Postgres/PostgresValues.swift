import CPostgres
import ParleyCore

/// A bound value in PostgreSQL's binary format with its type.
struct PostgresParameter {
    let type: Oid
    /// Nil for NULL.
    let bytes: [UInt8]?

    init(_ value: SQLValue) {
        switch value {
        case .null: (type, bytes) = (0, nil)
        case .int(let number): (type, bytes) = (PostgresType.int8, Self.big(number))
        case .real(let number): (type, bytes) = (PostgresType.float8, Self.big(Int64(bitPattern: number.bitPattern)))
        case .text(let text): (type, bytes) = (PostgresType.text, Array(text.utf8.filter { $0 != 0 }))
        case .blob(let blob): (type, bytes) = (PostgresType.bytea, blob)
        case .bool(let flag): (type, bytes) = (PostgresType.bool, [flag ? 1 : 0])
        case .time(let moment):
            (type, bytes) = (PostgresType.timestamptz, Self.big((moment.milliseconds - PostgresType.epoch) &* 1000))
        case .json(let text): (type, bytes) = (PostgresType.jsonb, [1] + Array(text.utf8))
        }
    }

    private static func big(_ number: Int64) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
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
        (microseconds >= 0 ? microseconds / 1000 : (microseconds - 999) / 1000) &+ epoch
    }
}
