import Accounts
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// The places at which uploads are received, with bodies that come slowly.
    @Suite struct UploadPlacesTests {
        /// An upload whose body stays open until it is told to end.
        private struct Upload {
            let answer: Task<(status: Int, code: String?), any Error>
            let end: AsyncStream<ByteBuffer>.Continuation

            init(_ project: ProjectFolder, _ name: String) {
                let (bytes, end) = AsyncStream<ByteBuffer>.makeStream()
                end.yield(ByteBuffer(string: "The text of \(name). "))
                var request = HTTPClientRequest(url: project.caller.base.absoluteString + project.documents + "?name=\(name).txt")
                request.method = .POST
                request.headers = ["Authorization": "Bearer " + (project.caller.token ?? ""), "Content-Type": "application/octet-stream"]
                request.body = .stream(bytes, length: .unknown)
                self.end = end
                answer = Task { [request] in
                    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
                    let json = try? JSONValue(parsing: Array(buffer: try await response.body.collect(upTo: 1 << 20)))
                    return (Int(response.status.code), json?["code"]?.string)
                }
            }
        }

        @Test func onePersonsSlowUploadsLeaveRoomForOthers() async throws {
            let application = try await RunningApplication(
                testSettings(
                    TemporaryFolder(),
                    [
                        "upload-max-in-flight": "4", "http-body-grace": "600ms", "http-min-body-rate": "1KiB",
                        "embedding-model": "/nowhere/model",
                    ]))
            let installation = Installation(
                dialect: .sqlite, parley: application.parley, base: application.base, admin: try await application.admin())
            let (greedy, other) = (try await installation.person().project(), try await installation.person().project())
            let slow = [Upload(greedy, "one"), Upload(greedy, "two")]
            let refused = try await eventually("both places are taken") {
                let answer = try await greedy.caller.send(.post, greedy.documents + "?name=x.txt", bytes: [])
                return answer.status == 429 ? answer : nil
            }
            #expect(refused.problem == "upload.too_many" && refused.header("Retry-After") == "2" && refused.json["limit"]?.int == 2)
            #expect(try await other.upload("Somebody else's text.").status == 202)
            // The bodies fall below the least rate: they end, and their places are free.
            for upload in slow {
                let answer = try await upload.answer.value
                #expect(answer.status == 408 && answer.code == "request.too_slow", "\(answer)")
                upload.end.finish()
            }
            #expect(try await greedy.upload("At last.").status == 202)
            try await application.stop()
        }
    }
}
