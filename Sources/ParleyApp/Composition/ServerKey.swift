import Crypto
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyHTTP

/// The key with which the server signs cursors and links. It lies in the database, so that every node and every start has the same.
enum ServerKey {
    static let migrations = [
        Migration(
            "0005_server_keys",
            up: ["CREATE TABLE server_keys (name {text} PRIMARY KEY, secret {blob} NOT NULL, created_at {time} NOT NULL)"],
            down: ["DROP TABLE server_keys"])
    ]

    /// Reads the key; the first to ask makes it.
    static func signer(_ database: Database, clock: any WallClock) async throws -> Signer {
        let new = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let now = clock.now()
        let secret = try await database.write { connection -> [UInt8]? in
            try connection.execute(
                """
                INSERT INTO server_keys (name, secret, created_at) VALUES (\("signing"), \(new), \(now)) ON CONFLICT (name) DO NOTHING
                """)
            return try connection.row("SELECT secret FROM server_keys WHERE name = \("signing")").map { try $0["secret"] }
        }
        guard let secret else { throw ParleyError(.internal, "The signing key was not stored.") }
        return Signer(key: secret)
    }
}
