public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs
public import ParleyRemote

/// Brings messages to webhooks, keeps the log of it, and sends again what somebody wants again.
public struct DeliveryService: Sendable {
    private static let keptAttempts = 20
    private static let replayBatch = 100

    private let database: Database
    private let jobs: JobQueue
    private let events: Events
    private let webhooks: WebhookService
    private let sender: WebhookSender
    private let seal: SecretSeal
    private let clock: any WallClock
    private let configuration: WebhookConfiguration
    private let store = DeliveryStore()
    private let hooks = WebhookStore()

    public init(
        database: Database, jobs: JobQueue, events: Events, webhooks: WebhookService, remote: RemoteClient,
        seal: SecretSeal, clock: any WallClock, configuration: WebhookConfiguration
    ) {
        (self.database, self.jobs, self.events) = (database, jobs, events)
        (self.webhooks, self.seal, self.clock, self.configuration) = (webhooks, seal, clock, configuration)
        sender = WebhookSender(remote: remote, timeout: configuration.timeout)
    }

    public var handlers: [JobHandler] {
        [
            JobHandler(DeliveryWork.job) { work, _ in try await deliver(work) },
            JobHandler(ReplayWork.job) { work, context in try await replay(work, context) },
        ]
    }

    /// A webhook's deliveries.
    /// - Throws: `webhook.not_found`.
    public func deliveries(_ query: ListQuery, of webhook: WebhookID, _ scope: ProjectScope<ProjectManage>) async throws -> ListSlice<
        Delivery
    > {
        try await database.read { connection in
            _ = try webhooks.find(webhook, scope, in: connection)
            return try store.deliveries(query, of: webhook, in: connection)
        }
    }

    /// - Throws: `webhook.not_found`, `webhook.delivery_not_found`.
    public func delivery(_ id: DeliveryID, of webhook: WebhookID, _ scope: ProjectScope<ProjectManage>) async throws -> Delivery {
        try await database.read { try find(id, of: webhook, scope, in: $0) }
    }

    /// Sends a test message at once, also when the webhook is disabled, and tells what came of it. It is not tried again.
    /// - Throws: `webhook.not_found`.
    public func test(_ id: WebhookID, _ scope: ProjectScope<ProjectManage>) async throws -> Delivery {
        let now = clock.now()
        let (webhook, sealed) = try await database.read { connection in
            (try webhooks.find(id, scope, in: connection), try hooks.secrets(of: id, at: now, in: connection))
        }
        let event = EventID(at: now)
        var delivery = Delivery(
            id: DeliveryID(at: now), webhook: id, event: event, kind: .webhookTest,
            body: DeliveryMessage.test(event, webhook, by: scope.principal.user, at: now), state: .waiting, round: 1, tries: 1,
            attempts: [],
            createdAt: now)
        let secrets = try sealed.map { try seal.open($0, for: id) }
        let outcome = try await sender.send(delivery, to: webhook, secrets: secrets, at: now)
        delivery.state = outcome.succeeded ? .delivered : .failed
        delivery.attempts = [outcome.attempt]
        delivery.finishedAt = clock.now()
        let finished = delivery
        try await database.write { _ = try store.insert(finished, in: $0) }
        return finished
    }

    /// Sends one message again, from its first attempt.
    /// - Throws: `webhook.not_found`, `webhook.delivery_not_found`, `webhook.delivery_waiting`, `webhook.is_disabled`.
    public func replay(_ id: DeliveryID, of webhook: WebhookID, _ scope: ProjectScope<ProjectManage>) async throws -> Delivery {
        try await database.write { connection in
            let delivery = try find(id, of: webhook, scope, in: connection)
            try requireEnabled(try webhooks.find(webhook, scope, in: connection))
            guard delivery.state != .waiting else {
                throw ParleyError(.deliveryWaiting, "The delivery is not over yet; it is tried again by itself.")
            }
            return try restart(delivery, of: scope.project, in: connection)
        }
    }

    /// Sends again, in the background, what failed or was skipped since a moment; on demand also what was delivered.
    /// - Throws: `webhook.not_found`, `webhook.is_disabled`.
    public func replay(_ webhook: WebhookID, since: Timestamp, includesDelivered: Bool, _ scope: ProjectScope<ProjectManage>) async throws {
        let work = ReplayWork(
            project: scope.project, webhook: webhook, since: since.milliseconds, until: clock.now().milliseconds,
            includesDelivered: includesDelivered)
        try await database.write { connection in
            try requireEnabled(try webhooks.find(webhook, scope, in: connection))
            try jobs.enqueue(
                ReplayWork.job, work, principal: scope.principal.reference, subject: webhook.description, unique: webhook.description,
                in: connection)
        }
    }

    /// Puts a message for a webhook into the log and, unless it is disabled, on its way.
    func add(_ body: String, _ event: Event, _ kind: WebhookEventKind, to webhook: Webhook, in connection: Connection) throws {
        let now = clock.now()
        let delivery = Delivery(
            id: DeliveryID(at: now), webhook: webhook.id, event: event.id, kind: kind, body: body,
            state: webhook.isEnabled ? .waiting : .skipped, round: 1, tries: 0, attempts: [], nextAt: webhook.isEnabled ? now : nil,
            createdAt: now, finishedAt: webhook.isEnabled ? nil : now)
        guard try store.insert(delivery, in: connection), webhook.isEnabled else { return }
        try enqueue(delivery, of: webhook.project, after: .zero, in: connection)
    }

    // MARK: One attempt

    private struct Due: Sendable {
        let delivery: Delivery
        let webhook: Webhook
        let sealed: [[UInt8]]
    }

    private func deliver(_ work: DeliveryWork) async throws {
        let now = clock.now()
        let found = try await database.read { connection -> Due? in
            guard let delivery = try store.delivery(work.delivery, in: connection), delivery.state == .waiting,
                let webhook = try hooks.webhook(delivery.webhook, in: connection)
            else { return nil }
            return Due(delivery: delivery, webhook: webhook, sealed: try hooks.secrets(of: webhook.id, at: now, in: connection))
        }
        guard let found else { return }
        guard found.webhook.isEnabled else { return try await skip(found.delivery) }
        let secrets = try found.sealed.map { try seal.open($0, for: found.webhook.id) }
        let outcome = try await sender.send(found.delivery, to: found.webhook, secrets: secrets, at: now)
        try await database.write { try record(outcome, of: found.delivery, in: $0) }
    }

    private func skip(_ delivery: Delivery) async throws {
        var skipped = delivery
        (skipped.state, skipped.nextAt, skipped.finishedAt) = (.skipped, nil, clock.now())
        let row = skipped
        try await database.write { try store.update(row, in: $0) }
    }

    /// Writes what came of an attempt, with the next one or what ends it, in one transaction.
    private func record(_ outcome: WebhookSender.Outcome, of tried: Delivery, in connection: Connection) throws {
        let now = clock.now()
        guard var delivery = try store.delivery(tried.id, in: connection), delivery.state == .waiting, delivery.round == tried.round,
            delivery.tries == tried.tries, let webhook = try hooks.webhook(delivery.webhook, in: connection)
        else { return }
        delivery.tries += 1
        delivery.attempts = (delivery.attempts + [outcome.attempt]).suffix(Self.keptAttempts)
        delivery.nextAt = nil
        if outcome.succeeded {
            (delivery.state, delivery.finishedAt) = (.delivered, now)
            if webhook.failingSince != nil { try hooks.setFailing(webhook.id, since: nil, in: connection) }
        } else if let reason = try endOfPatience(with: webhook, outcome, at: now, in: connection) {
            (delivery.state, delivery.finishedAt) = (.failed, now)
            try disable(webhook, reason, at: now, in: connection)
        } else if let pause = DeliverySchedule.pause(failed: delivery.tries, retryAfter: outcome.retryAfter, random: .random(in: 0...1)) {
            delivery.nextAt = now + pause
            try enqueue(delivery, of: webhook.project, after: pause, in: connection)
        } else {
            (delivery.state, delivery.finishedAt) = (.failed, now)
        }
        try store.update(delivery, in: connection)
    }

    /// Why the webhook is to be disabled after this failure; nil while there is hope.
    private func endOfPatience(
        with webhook: Webhook, _ outcome: WebhookSender.Outcome, at now: Timestamp, in connection: Connection
    ) throws -> String? {
        if outcome.isGone { return "The receiver answered 410: it is gone for good." }
        guard let since = webhook.failingSince else {
            try hooks.setFailing(webhook.id, since: now, in: connection)
            return nil
        }
        return now - since >= configuration.disableAfter ? "Every attempt has failed since \(since)." : nil
    }

    private func disable(_ webhook: Webhook, _ reason: String, at now: Timestamp, in connection: Connection) throws {
        guard webhook.isEnabled else { return }
        var disabled = webhook
        (disabled.isEnabled, disabled.disabledReason, disabled.updatedAt) = (false, reason, now)
        try hooks.update(disabled, in: connection)
        try events.append(
            EventDraft(
                kind: WebhookEventKind.webhookDisabled.rawValue, project: webhook.project, subject: webhook.id.description, actor: nil,
                payload: ["reason": .string(reason)]),
            in: connection)
    }

    // MARK: Replay

    private func replay(_ work: ReplayWork, _ context: JobContext) async throws {
        _ = try await context.scope(.projectManage, on: work.project)
        var next: ReplayWork? = work
        while let batch = next {
            try context.checkCancelled()
            next = try await database.write { connection in
                let deliveries = try store.replayable(batch, limit: Self.replayBatch, in: connection)
                for delivery in deliveries { _ = try restart(delivery, of: batch.project, in: connection) }
                guard deliveries.count == Self.replayBatch, let last = deliveries.last else { return nil }
                var rest = batch
                rest.after = last.id
                return rest
            }
        }
    }

    private func restart(_ delivery: Delivery, of project: ProjectID, in connection: Connection) throws -> Delivery {
        var delivery = delivery
        delivery.round += 1
        (delivery.state, delivery.tries, delivery.nextAt, delivery.finishedAt) = (.waiting, 0, clock.now(), nil)
        try store.update(delivery, in: connection)
        try enqueue(delivery, of: project, after: .zero, in: connection)
        return delivery
    }

    /// A receiver that does not answer holds its own places alone, and a project's receivers at most half of all.
    private func enqueue(_ delivery: Delivery, of project: ProjectID, after pause: Duration, in connection: Connection) throws {
        try jobs.enqueue(
            DeliveryWork.job, DeliveryWork(delivery: delivery.id), principal: nil, subject: delivery.id.description,
            unique: "\(delivery.id)/\(delivery.round)/\(delivery.tries)", lane: "\(project)/\(delivery.webhook)", after: pause,
            in: connection)
    }

    private func find(_ id: DeliveryID, of webhook: WebhookID, _ scope: ProjectScope<ProjectManage>, in connection: Connection) throws
        -> Delivery
    {
        _ = try webhooks.find(webhook, scope, in: connection)
        guard let delivery = try store.delivery(id, in: connection), delivery.webhook == webhook else {
            throw ParleyError(.deliveryNotFound, "The webhook has no delivery with this id.")
        }
        return delivery
    }

    private func requireEnabled(_ webhook: Webhook) throws {
        guard webhook.isEnabled else {
            throw ParleyError(.webhookDisabled, "The webhook is disabled; enable it before you replay its deliveries.")
        }
    }
}
