extension Database {
    /// Runs the body so that everything it writes to this database, in however many calls of `write`, is one transaction: committed when
    /// the body returns, undone when it throws. What it reads after its first write it reads in that transaction.
    ///
    /// The transaction begins with the first write and then holds a connection (SQLite: the one that writes), so that the body must not
    /// wait for anything slow from there on; after `Configuration.unitLimit` it is undone and the body's next call fails. A single `write`
    /// that throws undoes itself alone. Within another unit this is a part of it that can be undone by itself; parts do not run side by side.
    /// - Parameter beforeCommit: the last thing in the transaction; with what the body returned.
    /// - Throws: what the body, `beforeCommit` or the commit throws; then nothing was changed.
    public func unit<T: Sendable>(
        _ body: () async throws -> T, beforeCommit: @escaping @Sendable (T, Connection) throws -> Void = { _, _ in }
    ) async throws -> T {
        if let outer = UnitOfWork.current, outer.joins(self) { return try await part(of: outer, body, beforeCommit) }
        let unit = UnitOfWork(of: self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.serve(unit) }
            do {
                let value = try await UnitOfWork.$current.withValue(unit) { try await body() }
                try await telling { try await unit.perform { try beforeCommit(value, $0) } }
                unit.end(isCommitted: true)
                try await group.waitForAll()
                return value
            } catch {
                unit.end(isCommitted: false)
                try? await group.waitForAll()
                throw error
            }
        }
    }

    /// Runs the body outside of any unit: what it writes stays, whatever becomes of the unit. On SQLite it must not be called
    /// once the unit has written.
    public func apart<T>(_ body: () async throws -> T) async rethrows -> T {
        try await UnitOfWork.$current.withValue(nil) { try await body() }
    }

    /// Whether the present task is in a unit whose transaction has begun, so that slow work would keep others waiting.
    public var isHeldByTask: Bool { UnitOfWork.current?.isOpen(for: self) ?? false }

    /// The transaction itself, once the unit asks for it.
    private func serve(_ unit: UnitOfWork) async throws {
        for await _ in unit.opening {
            do {
                let committed = try await telling { try await self.transaction { try unit.serve($0) } }
                for action in committed { action() }
            } catch {
                unit.fail(error)
                throw error
            }
        }
        // The task was cancelled before the first write: there will be no transaction.
        unit.fail(CancellationError())
    }

    private func part<T: Sendable>(
        of outer: UnitOfWork, _ body: () async throws -> T, _ beforeCommit: @escaping @Sendable (T, Connection) throws -> Void
    ) async throws -> T {
        let start = try await telling { try await outer.perform(inSavepoint: false) { try $0.begin() } }
        do {
            let value = try await body()
            try await telling { try await outer.perform { try beforeCommit(value, $0) } }
            try await telling { try await outer.perform(inSavepoint: false) { try $0.keep(start) } }
            return value
        } catch {
            try await telling { try await outer.perform(inSavepoint: false) { try $0.undo(start) } }
            throw error
        }
    }
}
