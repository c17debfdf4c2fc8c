import CPostgres
import Foundation

extension DatabaseError {
    /// What the server answered. Its detail line is left out, because it holds values.
    init(_ result: OpaquePointer, statement: String, isConnected: Bool) {
        func field(_ name: Character) -> String? {
            PQresultErrorField(result, Int32(name.asciiValue ?? 0)).map { String(cString: $0) }  // fits: a byte
        }
        let message = field("M") ?? String(cString: PQresultErrorMessage(result)).trimmingCharacters(in: .whitespacesAndNewlines)
        self.init(
            Self.code(field("C") ?? "", isConnected: isConnected), message, constraint: field("n") ?? field("c"), statement: statement)
    }

    /// The SQLSTATE (PostgreSQL's appendix A) as our code.
    private static func code(_ state: String, isConnected: Bool) -> Code {
        switch state {
        case "23505": .uniqueViolation
        case "23503": .foreignKeyViolation
        case "23514": .checkViolation
        case "23502": .notNullViolation
        case "40001", "40P01": .serializationFailure
        // Lock not available; statement cancelled by its limit; too many connections.
        case "55P03", "57014", "53300": .busy
        case "53100": .full
        // The server always gives a state: without one the driver speaks, of a connection that broke.
        default: isConnected && !state.isEmpty && !state.hasPrefix("08") && !state.hasPrefix("57P") ? .other : .connection
        }
    }
}
