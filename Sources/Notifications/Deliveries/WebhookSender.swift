import ParleyCore
import ParleyRemote
import ParleyTelemetry

/// Brings one message to one address, signed by the Standard Webhooks specification.
struct WebhookSender: Sendable {
    private static let keptResponse = 1024

    let remote: RemoteClient
    let timeout: Duration

    /// What came of an attempt.
    struct Outcome: Sendable {
        let attempt: DeliveryAttempt
        let retryAfter: Duration?
        /// The receiver said that it is gone for good (410).
        let isGone: Bool

        var succeeded: Bool { attempt.error == nil }
    }

    /// - Throws: `CancellationError` alone.
    func send(_ delivery: Delivery, to webhook: Webhook, secrets: [WebhookSecret], at now: Timestamp) async throws -> Outcome {
        let seconds = now.milliseconds / 1000
        let id = delivery.event.description
        var request = RemoteRequest("webhook", .post, url: webhook.url)
        request.headers = [
            ("Content-Type", "application/json"), ("User-Agent", "Parley-Webhooks"), ("webhook-id", id),
            ("webhook-timestamp", String(seconds)),
            ("webhook-signature", secrets.map { $0.signature(id: id, at: seconds, body: delivery.body) }.joined(separator: " ")),
        ]
        request.body = Array(delivery.body.utf8)
        request.deadline = timeout
        request.maxResponse = .kib(64)
        request.idempotent = false
        let began = ContinuousClock.now
        func outcome(_ status: Int?, _ error: ParleyError?) -> Outcome {
            let refusal = error?.cause as? RemoteRejection
            return Outcome(
                attempt: DeliveryAttempt(
                    at: now, milliseconds: Int(began.duration(to: .now).milliseconds), status: status ?? refusal?.status,
                    error: error.map(Self.words), response: refusal.map { String($0.body.prefix(Self.keptResponse)) }),
                retryAfter: error?.retryAfter, isGone: refusal?.status == 410)
        }
        do {
            return outcome(try await remote.sendGuarded(request).status, nil)
        } catch let error as ParleyError where error.code == .remoteTooLarge {
            // The receiver took the message, and says more than anybody asked for.
            return outcome(200, nil)
        } catch let error as ParleyError {
            return outcome(nil, error)
        }
    }

    private static func words(_ error: ParleyError) -> String {
        switch error.code {
        case .remoteRejected:
            let status = (error.cause as? RemoteRejection)?.status ?? 0
            return (300..<400).contains(status)
                ? "The receiver redirected (\(status)); redirects are not followed. Name the final address."
                : "The receiver answered \(status)."
        case .remoteTimeout: return "The receiver did not answer in time."
        case .remoteUnreachable: return "The receiver cannot be reached."
        default: return error.message
        }
    }
}
