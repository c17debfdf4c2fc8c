import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyDatabase

/// Lists by their declared fields, on both engines, against the same done in memory.
@Suite struct ListSourceTests {
    struct Item: Sendable, Hashable {
        let id: String
        let name: String
        let size: Int
        let place: String?
    }

    private static let source = ListSource(
        [
            .column("id", .id, "items.id", isSortable: true), .column("name", .text, "items.name", isSortable: true),
            .column("size", .int, "items.size", isSortable: true), .column("at", .time, "items.at", isSortable: true),
            .nullable("place", .text, "items.place"),
            .labels("tags", matching: "SELECT 1 FROM item_tags WHERE item_tags.item = items.id AND item_tags.tag IN"),
        ], key: "id")

    private static let migration = Migration(
        "0001_items",
        up: [
            "CREATE TABLE items (id {id} PRIMARY KEY, name {text} NOT NULL, size {int} NOT NULL, at {time} NOT NULL, place {text})",
            "CREATE TABLE item_tags (item {id} NOT NULL, tag {text} NOT NULL)",
        ], down: [])

    private static let items = (0..<23).map { number in
        Item(id: "i\(10 + number)", name: ["b", "a", "c"][number % 3], size: number / 4, place: number % 5 == 0 ? nil : "100%_\(number)")
    }

    private static func insert(_ items: [Item], in connection: Connection) throws {
        for item in items {
            try connection.execute(
                """
                INSERT INTO items (id, name, size, at, place)
                VALUES (\(item.id), \(item.name), \(item.size), \(Timestamp(milliseconds: Int64(item.size) * 1001)), \(item.place))
                """)
            if item.size == 2 { try connection.execute("INSERT INTO item_tags (item, tag) VALUES (\(item.id), \("two"))") }
        }
    }

    private func with(_ dialect: Dialect, _ body: (Database) async throws -> Void) async throws {
        try await TestDatabases.with(dialect, [Self.migration]) { database in
            try await database.write { try Self.insert(Self.items, in: $0) }
            try await body(database)
        }
    }

    private func slice(_ query: ListQuery, _ database: Database) async throws -> ListSlice<Item> {
        try await database.read { connection in
            try Self.source.slice(
                query, select: "items.id AS id, items.name AS name, items.size AS size, items.place AS place", from: "items",
                where: "1 = 1", in: connection
            ) { rows in
                try rows.map { Item(id: try $0["id"], name: try $0["name"], size: try $0["size"], place: try $0["place"]) }
            }
        }
    }

    @Test(
        arguments: TestDatabases.all,
        [
            [], [ListOrder("name")], [ListOrder("size", isDescending: true)], [ListOrder("name"), ListOrder("size", isDescending: true)],
            [ListOrder("at", isDescending: true), ListOrder("name")], [ListOrder("id", isDescending: true)],
        ])
    func everyOrderGoesForwardAndBack(_ dialect: Dialect, _ order: [ListOrder]) async throws {
        try await with(dialect) { database in
            let whole = try await slice(ListQuery(order: order, limit: 100), database)
            #expect(Set(whole.items) == Set(Self.items) && whole.previous == nil && whole.next == nil)
            let keys = whole.items.map { "\($0.name)" }
            if order.first?.field == "name" { #expect(keys == keys.sorted()) }
            var (forward, backward, last): ([Item], [Item], ListPlace?) = ([], [], nil)
            var place: ListPlace?
            repeat {
                let page = try await slice(ListQuery(order: order, place: place, limit: 5), database)
                forward += page.items
                (place, last) = (page.next, page.previous)
            } while place != nil
            #expect(forward == whole.items)
            var back = last
            while let place = back {
                let page = try await slice(ListQuery(order: order, place: place, limit: 5), database)
                backward = page.items + backward
                #expect(page.next != nil)
                back = page.previous
            }
            #expect(backward == Array(whole.items.dropLast(3)))
        }
    }

    @Test(arguments: TestDatabases.all)
    func whatComesAndGoesMovesNothingElse(_ dialect: Dialect) async throws {
        try await with(dialect) { database in
            let order = [ListOrder("name")]
            let first = try await slice(ListQuery(order: order, limit: 10), database)
            let rest = try await slice(ListQuery(order: order, place: first.next, limit: 100), database)
            let gone = first.items[9].id
            try await database.write { connection in
                try connection.execute("DELETE FROM items WHERE id = \(gone)")
                try Self.insert([Item(id: "i00", name: "a", size: 0, place: nil)], in: connection)
            }
            #expect(try await slice(ListQuery(order: order, place: first.next, limit: 100), database).items == rest.items)
            try await database.write { try $0.execute("DELETE FROM items") }
            let empty = try await slice(ListQuery(order: order, place: first.next, limit: 10), database)
            #expect(empty.items.isEmpty && empty.next == nil && empty.previous != nil)
        }
    }

    @Test(arguments: TestDatabases.all)
    func everyTestFindsWhatItSays(_ dialect: Dialect) async throws {
        try await with(dialect) { database in
            let cases: [(ListCondition, (Item) -> Bool)] = [
                (ListCondition("name", .isOneOf([.text("a"), .text("c")])), { $0.name != "b" }),
                (ListCondition("name", .isNoneOf([.text("a")])), { $0.name != "a" }),
                (ListCondition("size", .isLess(.int(2))), { $0.size < 2 }), (ListCondition("size", .isAtMost(.int(2))), { $0.size <= 2 }),
                (ListCondition("size", .isGreater(.int(2))), { $0.size > 2 }),
                (ListCondition("at", .isAtLeast(.time(Timestamp(milliseconds: 2002)))), { $0.size >= 2 }),
                (ListCondition("place", .isOneOf([.null])), { $0.place == nil }),
                (ListCondition("place", .isOneOf([.null, .text("100%_1")])), { $0.place == nil || $0.place == "100%_1" }),
                (ListCondition("place", .isNoneOf([.null])), { $0.place != nil }),
                (ListCondition("place", .isNoneOf([.null, .text("100%_1")])), { $0.place != nil && $0.place != "100%_1" }),
                (ListCondition("place", .isNoneOf([.text("100%_1")])), { $0.place != "100%_1" }),
                (ListCondition("place", .contains("0%_1")), { $0.place?.contains("0%_1") == true }),
                (ListCondition("place", .contains("0_")), { _ in false }), (ListCondition("name", .contains("A")), { $0.name == "a" }),
                (ListCondition("name", .isOneOf([.text("a' OR 1=1 --")])), { _ in false }),
                (ListCondition("tags", .isOneOf([.text("two"), .text("x")])), { $0.size == 2 }),
                (ListCondition("tags", .isNoneOf([.text("two")])), { $0.size != 2 }),
            ]
            for (condition, holds) in cases {
                let found = try await slice(ListQuery(conditions: [condition], limit: 100, countsAll: true), database)
                #expect(found.items == Self.items.filter(holds), "\(condition)")
                #expect(found.total == ListTotal(counted: found.items.count))
            }
            let both = try await slice(ListQuery(conditions: [cases[0].0, cases[2].0], limit: 100), database)
            #expect(both.items == Self.items.filter { $0.name != "b" && $0.size < 2 })
        }
    }

    @Test(arguments: TestDatabases.all)
    func aGuardedWriteIsOnlyMadeOnItsVersion(_ dialect: Dialect) async throws {
        try await with(dialect) { database in
            struct Stale: Error {}
            let version = RowVersion("SELECT size AS v0, place AS v1 FROM items WHERE id = \("i11")", lock: "items")
            let before = try await database.version(version)
            let change: @Sendable (Connection) throws -> Void = { try $0.execute("UPDATE items SET size = size + 1 WHERE id = \("i11")") }
            let demand: @Sendable (String?) throws -> Void = { guard $0 == before else { throw Stale() } }
            // Two writes of one guarded body: the first passes for both.
            try await database.guarding(version, demand) {
                try await database.write(change)
                try await database.write(change)
            }
            #expect(try await database.version(version) != before)
            await #expect(throws: Stale.self) { try await database.guarding(version, demand) { try await database.write(change) } }
            #expect(
                try await slice(ListQuery(conditions: [ListCondition("id", .isOneOf([.text("i11")]))]), database).items.first?.size == 2)
            #expect(try await database.version(RowVersion("SELECT id AS v0 FROM items WHERE id = \("x")", lock: "items")) == nil)
        }
    }

    @Test(arguments: TestDatabases.all)
    func ofManyGuardedWritersOneWins(_ dialect: Dialect) async throws {
        try await with(dialect) { database in
            struct Stale: Error {}
            let version = RowVersion("SELECT size AS v0 FROM items WHERE id = \("i11")", lock: "items")
            let before = try await database.version(version)
            let change: @Sendable (Connection) throws -> Void = { try $0.execute("UPDATE items SET size = size + 1 WHERE id = \("i11")") }
            let attempt: @Sendable () async -> Int = {
                do {
                    try await database.guarding(version, { guard $0 == before else { throw Stale() } }) {
                        try await database.write(change)
                    }
                    return 1
                } catch {
                    return 0
                }
            }
            async let a = attempt()
            async let b = attempt()
            async let c = attempt()
            async let d = attempt()
            let sum = await a + b + c + d
            #expect(sum == 1)
        }
    }

    /// The version of a page is one text whether the rows are read or only looked at; who knows it gets no rows.
    @Test(arguments: TestDatabases.all)
    func aKnownPageIsNotMade(_ dialect: Dialect) async throws {
        try await with(dialect) { database in
            let orders = [[], [ListOrder("name", isDescending: true)], [ListOrder("size"), ListOrder("name", isDescending: true)]]
            for order in orders {
                let first = try await self.versioned(ListQuery(order: order, limit: 5), database)
                let version = try #require(first.version)
                #expect(first.items.count == 5 && !first.isUnchanged)
                var again = ListQuery(order: order, limit: 5)
                again.isKnown = { $0 == version }
                let same = try await self.versioned(again, database)
                #expect(same.isUnchanged && same.items.isEmpty && same.version == version, "\(order)")
                again.place = first.next
                let other = try await self.versioned(again, database)
                #expect(!other.isUnchanged && other.version != version && other.items.count == 5)
                again.countsAll = true
                #expect(try await self.versioned(again, database).version == nil, "what is counted is in no row")
            }
            var empty = ListQuery(conditions: [ListCondition("name", .isOneOf([.text("none")]))])
            empty.isKnown = { $0.isEmpty }
            #expect(try await self.versioned(empty, database).isUnchanged)
        }
    }

    private func versioned(_ query: ListQuery, _ database: Database) async throws -> ListSlice<String> {
        try await database.read { connection in
            try Self.source.slice(
                query, select: "items.id AS id", from: "items", where: "1 = 1",
                version: "items.id || ' ' || items.size || ' ' || coalesce(items.place, '')", in: connection
            ) { try $0.map { try $0["id"] } }
        }
    }
}
