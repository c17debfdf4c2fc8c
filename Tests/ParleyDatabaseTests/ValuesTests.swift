import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@Suite struct ValuesTests {
    private enum Colour: String, SQLValueConvertible {
        case red
        case blue
    }

    private static let migrations = [
        Migration(
            "0001_things",
            up: [
                """
                CREATE TABLE things (id {id} PRIMARY KEY, n {int}, x {real}, flag {bool}, at {time}, bytes {blob}, json {json}, word {text})
                """
            ], down: ["DROP TABLE things"])
    ]

    @Test(arguments: TestDatabases.all) func everyTypeComesBackAsItWas(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            let id = ProjectID(at: Timestamp(milliseconds: 1_700_000_000_123))
            let json: JSONValue = ["a": [1, 2.5, nil, true], "b": "ü🙂"]
            for at in [
                Timestamp(milliseconds: 1_700_000_000_123), Timestamp(milliseconds: -62_135_596_800_000), Timestamp(milliseconds: -1),
            ] {
                try await database.write { connection in
                    try connection.execute("DELETE FROM things")
                    try connection.execute(
                        """
                        INSERT INTO things (id, n, x, flag, at, bytes, json, word)
                        VALUES (\(id), \(Int64.min), \(-0.1), \(true), \(at), \([0, 255, 1] as [UInt8]), \(json), \(Colour.blue))
                        """)
                }
                let row = try #require(try await database.read { try $0.row("SELECT * FROM things") })
                #expect(try row["id"] == id)
                #expect(try row["n"] == Int64.min)
                #expect(try row["x"] == -0.1)
                #expect(try row["flag"] == true)
                #expect(try row["at"] == at)
                #expect(try row["bytes"] == [0, 255, 1] as [UInt8])
                #expect(try row["json"] == json)
                #expect(try row["word"] == Colour.blue)
            }
        }
    }

    @Test func postgresKnowsMomentsBeforeAllOthers() async throws {
        try await TestDatabases.with(.postgres, Self.migrations) { database in
            let row = try await database.read { try $0.row("SELECT CAST('-infinity' AS timestamptz) AS at") }
            let at: Timestamp? = try row?["at"]
            #expect((at?.milliseconds ?? 0) < -9_000_000_000_000_000)
        }
    }

    @Test(arguments: TestDatabases.all) func nullIsNothing(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            try await database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO things (id, n, at, bytes, json, word) VALUES (\("a"), \(nil as Int?), \(nil as Timestamp?),
                        \(nil as [UInt8]?), \(nil as JSONValue?), \(nil as Colour?))
                    """)
                try connection.execute("INSERT INTO things (id, bytes, word) VALUES (\("b"), \([] as [UInt8]), \("")) ")
            }
            let rows = try await database.read { try $0.rows("SELECT * FROM things ORDER BY id") }
            #expect(try rows[0]["n"] as Int? == nil)
            #expect(try rows[0]["at"] as Timestamp? == nil)
            #expect(try rows[0]["bytes"] as [UInt8]? == nil)
            #expect(try rows[1]["bytes"] as [UInt8]? == [])
            #expect(try rows[1]["word"] as String? == "")
            #expect(throws: DatabaseError.self) { try rows[0]["n"] as Int }
            #expect(throws: DatabaseError.self) { try rows[0]["missing"] as Int? }
            #expect(throws: DatabaseError.self) { try rows[1]["word"] as Colour }
        }
    }

    @Test(arguments: TestDatabases.all) func valuesNeverBecomeText(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            let nasty = #"'); DROP TABLE things; -- $1 ? "x" \ %"#
            try await database.write { try $0.execute("INSERT INTO things (id, word) VALUES (\("a"), \(nasty))") }
            #expect(try await database.read { try $0.row("SELECT word FROM things WHERE word = \(nasty)")?["word"] } == nasty)
        }
    }

    @Test(arguments: TestDatabases.all) func zeroCharactersAreReplacedAlike(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            let json: JSONValue = ["k\0": ["a\0b", #"\u0000"#]]
            try await database.write { try $0.execute("INSERT INTO things (id, word, json) VALUES (\("a"), \("x\0y"), \(json))") }
            let row = try #require(try await database.read { try $0.row("SELECT * FROM things") })
            #expect(try row["word"] == "x\u{FFFD}y")
            #expect(try row["json"] == ["k\u{FFFD}": ["a\u{FFFD}b", #"\u0000"#]] as JSONValue)
        }
    }

    @Test(arguments: TestDatabases.all) func listsAndFragmentsNest(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            try await database.write { connection in
                for n in 1...10 { try connection.execute("INSERT INTO things (id, n) VALUES (\("t\(n)"), \(n))") }
            }
            let numbers = try await database.read { connection in
                let some: SQL = "n IN \(list: [2, 4, 6]) OR n = \(9)"
                let order: SQL = " ORDER BY n" + " LIMIT \(3)"
                return try connection.rows("SELECT n FROM things WHERE (\(fragment: some)) AND n > \(2) \(raw: "AND 1 = 1")" + order)
                    .map { try $0["n"] as Int }
            }
            #expect(numbers == [4, 6, 9])
            #expect(try await database.read { try $0.rows("SELECT n FROM things WHERE n IN \(list: [] as [Int])") }.isEmpty)
        }
    }

    @Test(arguments: TestDatabases.all) func idsSortAlikeOnBothEngines(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            let ids = ["prj_B", "prj_a", "prj_A", "prj_0", "prj_é", "prj__"]
            try await database.write { connection in
                for id in ids { try connection.execute("INSERT INTO things (id) VALUES (\(id))") }
            }
            let sorted = try await database.read { try $0.rows("SELECT id FROM things ORDER BY id").map { try $0["id"] as String } }
            #expect(sorted == ids.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
        }
    }
}
