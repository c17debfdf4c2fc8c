import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import ParleyCore

extension RemoteClient {
    /// What stands at an address that may have nothing: one try without the policy of calls, so that nothing is counted against a host that
    /// nobody named. Nil when there is no answer with status 200 in this time, or it is longer than the limit.
    public func probe(_ url: String, within time: Duration, limit: ByteSize) async -> [UInt8]? {
        let request = HTTPClientRequest(url: url)
        guard let response = try? await client.execute(request, timeout: .milliseconds(time.milliseconds)), response.status == .ok,
            let body = try? await response.body.collect(upTo: limit.bytes)
        else { return nil }
        return Array(body.readableBytesView)
    }
}
