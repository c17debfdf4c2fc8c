public import ParleyCore
public import ParleyDatabase
import ParleyJobs

/// The places of the events' readers in a database that came to another PostgreSQL server.
public enum MovedReadersStore {
    /// Gives each reader the place that it has once events have no transactions. Called before they lose them.
    public static func move(in connection: Connection, at now: Timestamp) throws {
        for row in try connection.rows("SELECT name, position FROM event_readers") {
            let (name, text): (String, String) = (try row["name"], try row["position"])
            let place = try MovedEventsStore.place(of: EventPosition(text) ?? .start, in: connection)
            try DeliveryStore().setPosition(place.description, of: name, at: now, in: connection)
        }
    }
}
