import HTTPTypes
import ParleyCore

extension HTTPRequest {
    /// Makes the target and the headers text that is quickly compared, whoever sent them.
    mutating func makeStreamSafe() {
        path = path?.streamSafe
        guard headerFields.contains(where: { $0.value.utf8.count > $0.value.streamSafe.utf8.count }) else { return }
        headerFields = HTTPFields(headerFields.map { HTTPField(name: $0.name, value: $0.value.streamSafe) })
    }
}
