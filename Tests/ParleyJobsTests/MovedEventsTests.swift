import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyJobs

/// Events of another PostgreSQL server, whose transactions have other numbers than those here.
@Suite(.timeLimit(.minutes(1))) struct MovedEventsTests {
    @Test func readersMissNothingAndNewEventsComeLast() async throws {
        try await TestDatabases.with(.postgres, JobsSchema.migrations) { database in
            // Read in the order 2, 3, 1: transactions come first.
            for (subject, transaction) in [("first", "9000000000"), ("second", "8000000000"), ("third", "8500000000")] {
                try await database.write { connection in
                    try connection.execute(
                        """
                        INSERT INTO events (transaction_id, id, kind, subject, payload, created_at)
                        VALUES (\(transaction)::xid8, \(EventID(at: SystemClock().now())), 'test', \(subject), '{}', \(SystemClock().now()))
                        """)
                }
            }
            let events = Events(database: database, clock: SystemClock())
            let places = try await database.write { connection in
                let places = try [(0, 0), (8_000_000_000, 2), (8_500_000_000, 3), (9_000_000_000, 1)].map {
                    try MovedEventsStore.place(of: EventPosition(transaction: $0.0, number: $0.1), in: connection)
                }
                try MovedEventsStore.forgetTransactions(in: connection)
                return places
            }
            try await database.write { connection in
                try events.append(EventDraft(kind: "test", project: nil, subject: "new", actor: nil, payload: .null), in: connection)
            }
            // What is told is seen once no older transaction of the server is open.
            while try await events.read(after: .start, limit: 10).count < 4 { try await Task.sleep(for: .milliseconds(5)) }
            var seen: [[String]] = []
            for place in places { seen.append(try await events.read(after: place, limit: 10).map(\.subject)) }
            #expect(
                seen == [
                    ["first", "second", "third", "new"], ["first", "second", "third", "new"], ["first", "second", "third", "new"], ["new"],
                ])
        }
    }
}
