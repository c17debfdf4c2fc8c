public import ParleyDatabase

/// What is done for the jobs of one type.
public struct JobHandler: Sendable {
    let type: String
    let concurrency: Int
    let sharing: JobSharing
    let timeout: Duration?
    /// Whether somebody waits for its jobs.
    let urgency: WriteUrgency
    let run: @Sendable (JSONText, JobContext) async throws -> Void
    let gaveUp: @Sendable (JSONText, GiveUpCause, Connection) throws -> Void

    /// - Parameters:
    ///   - run: does the work. Throwing means another attempt after a pause; a `ParleyError` that another attempt cannot mend
    ///     (not found, forbidden, invalid …) gives the job up at once.
    ///   - gaveUp: is called in the transaction that marks the job as dead, for whatever cause. What it did is undone when it throws, and
    ///     the job is dead all the same.
    public init<Payload>(
        _ type: JobType<Payload>, run: @escaping @Sendable (Payload, JobContext) async throws -> Void,
        gaveUp: (@Sendable (Payload, GiveUpCause, Connection) throws -> Void)? = nil
    ) {
        self.type = type.name
        (concurrency, sharing) = (type.concurrency, type.sharing)
        timeout = type.timeout
        urgency = type.priority == .high ? .awaited : .background
        self.run = { stored, context in
            let payload: Payload
            do { payload = try stored.value() } catch { throw UnreadablePayload(cause: error) }
            try await run(payload, context)
        }
        self.gaveUp = { stored, cause, connection in
            guard let gaveUp, let payload = try? stored.value(Payload.self) else { return }
            try gaveUp(payload, cause, connection)
        }
    }
}

/// The stored payload is not of the handler's type: it was queued by another version.
struct UnreadablePayload: Error {
    let cause: any Error
}
