import Foundation
import ParleyCore
import ParleyDatabase
import Testing

@testable import Notifications

@Suite struct WebhookSignatureTests {
    /// The example of the Standard Webhooks libraries.
    @Test func theExampleOfTheSpecificationIsSignedAlike() throws {
        let secret = WebhookSecret(bytes: try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")))
        let signature = secret.signature(id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: 1_614_265_330, body: "{\"test\": 2432232314}")
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(secret.text == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    }

    @Test func secretsAreSealedEachForItsWebhook() throws {
        let now = Timestamp(Date())
        let (one, other) = (WebhookID(at: now), WebhookID(at: now))
        let seal = SecretSeal(installation: Secret("the installation's own key"), purpose: "webhook secrets")
        let secret = WebhookSecret()
        let sealed = try seal.seal(secret, for: one)
        #expect(try seal.open(sealed, for: one).bytes == secret.bytes)
        #expect(try seal.seal(secret, for: one) != sealed, "twice the same looks different")
        #expect(sealed.count == 12 + 32 + 16 && Data(sealed).range(of: secret.bytes) == nil)
        #expect(throws: ParleyError.self) { _ = try seal.open(sealed, for: other) }
        #expect(throws: ParleyError.self) {
            _ = try SecretSeal(installation: Secret("another key"), purpose: "webhook secrets").open(sealed, for: one)
        }
        #expect(throws: ParleyError.self) { _ = try seal.open([1, 2, 3], for: one) }
    }

    @Test func pausesGrowOverDays() throws {
        var all = Duration.zero
        var last = Duration.zero
        for failed in 1..<DeliverySchedule.attempts {
            let pause = try #require(DeliverySchedule.pause(failed: failed, retryAfter: nil, random: 0))
            #expect(pause >= last)
            (all, last) = (all + pause, pause)
        }
        #expect(all > .seconds(3 * 86_400) && all < .seconds(6 * 86_400))
        #expect(DeliverySchedule.pause(failed: DeliverySchedule.attempts, retryAfter: nil, random: 0) == nil)
        #expect(DeliverySchedule.pause(failed: 1, retryAfter: .seconds(90), random: 0) == .seconds(90))
        #expect(DeliverySchedule.pause(failed: 1, retryAfter: .seconds(1_000_000), random: 0) == .seconds(86_400))
        #expect(DeliverySchedule.pause(failed: 1, retryAfter: nil, random: 1) == .milliseconds(5500))
    }
}
