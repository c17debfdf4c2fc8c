import HTTPTypes
import Hummingbird
import NIOCore
import ParleyCore
import Synchronization

extension Pipeline {
    private static let smallest = 1024

    /// The answer in the form that the caller asked for.
    /// - Parameter fields: those that the caller asked for; nil for all.
    func formed(_ response: Response, as form: Representation?, _ endpoint: Endpoint, fields: [String]?) async throws -> Response {
        guard let form, form != .json, response.headers[.contentType] == "application/json" else { return response }
        var formed = response
        if let tag = response.headers[.eTag] { formed.headers[.eTag] = EntityTag.variant(tag, form.rawValue) }
        formed.headers[.contentType] = form.contentType
        guard response.status != .notModified else { return formed }
        let value = try JSONValue(parsing: try await response.body.bytes(), .stored)
        let bytes = form.bytes(of: value, shape: endpoint.output, fields: fields)
        formed.body = .init(byteBuffer: ByteBuffer(bytes: bytes))
        return formed
    }

    /// The answer compressed, where that helps and the caller can read it. Streams go as they are: an event must not wait for others,
    /// and files have byte ranges. Neither does a secret, whose length must not tell what is in it.
    func coded(_ response: Response, _ request: Request, _ endpoint: Endpoint?) async throws -> Response {
        if response.status == .notModified, let tag = response.headers[.eTag] {
            var same = response
            same.headers[.eTag] = EntityTag.known(tag, in: request.headers[.ifNoneMatch])
            return same
        }
        guard let coding = ContentCoding.preferred(request.headers), response.status == .ok || response.status == .created,
            let type = response.headers[.contentType], ContentCoding.helps(type), response.headers[.contentEncoding] == nil,
            endpoint?.isInMemory ?? true, endpoint?.cache != .secret,
            let length = response.body.contentLength, length >= Self.smallest
        else { return response }
        var coded = response
        let tag = response.headers[.eTag]
        let key = endpoint == nil ? tag.map { $0 + coding.rawValue } : nil
        let bytes = try await packed.value(key) { coding.encode(try await response.body.bytes()) }
        guard let bytes else { return response }
        coded.body = .init(byteBuffer: bytes)
        coded.headers[.contentEncoding] = coding.rawValue
        coded.headers[.eTag] = tag.map { EntityTag.variant($0, coding.rawValue) }
        return coded
    }

    /// The request with the tags in its conditions as the handler knows them: without the marks of form and coding.
    func withPlainTags(_ request: Request, _ form: Representation?) -> Request {
        let marks = [
            form.map { $0 == .json ? "" : "-" + $0.rawValue } ?? "",
            ContentCoding.preferred(request.headers).map { "-" + $0.rawValue } ?? "",
        ]
        var head = request.head
        for name in [HTTPField.Name.ifNoneMatch, .ifMatch] {
            guard let header = head.headerFields[name] else { continue }
            head.headerFields[name] = EntityTag.plain(header, form: marks[0], coding: marks[1], isStrict: name == .ifNoneMatch)
        }
        return head == request.head ? request : Request(head: head, body: request.body)
    }
}

extension Endpoint {
    /// Whether its answers are made as a whole, rather than written piece by piece.
    var isInMemory: Bool {
        switch output {
        case .bytes, .events: false
        default: true
        }
    }
}

extension EntityTag {
    /// The tag of the same thing in another form or coding.
    static func variant(_ tag: String, _ mark: String) -> String { tag.hasSuffix("\"") ? "\(tag.dropLast())-\(mark)\"" : tag }

    /// The tag as the caller sent it, which may bear the mark of a coding.
    static func known(_ tag: String, in header: String?) -> String {
        let tags = [tag] + ContentCoding.allCases.map { variant(tag, $0.rawValue) }
        return (header ?? "").split(separator: ",").map(\.trimmingSpaces).first(where: tags.contains) ?? tag
    }

    /// A list of tags without the marks of form and coding.
    /// - Parameter isStrict: whether tags of other forms are left out; else every mark is taken off.
    static func plain(_ header: String, form: String, coding: String, isStrict: Bool) -> String {
        let forms = Representation.allCases.map { "-" + $0.rawValue }
        return header.split(separator: ",").map(\.trimmingSpaces).compactMap { tag -> String? in
            guard tag.hasSuffix("\"") else { return tag }
            var text = String(tag.dropLast())
            for mark in ContentCoding.allCases.map({ "-" + $0.rawValue }) where text.hasSuffix(mark) {
                if isStrict, mark != coding { return nil }
                text.removeLast(mark.count)
                break
            }
            let present = forms.first { text.hasSuffix($0) } ?? ""
            if isStrict, present != form { return nil }
            text.removeLast(present.count)
            return text + "\""
        }.joined(separator: ", ")
    }
}

/// Compressed files of the binary, by their tags: they never change, so each is compressed once.
final class PackedFiles: Sendable {
    private let files = Mutex<[String: ByteBuffer]>([:])

    /// - Parameter key: nil for what is not worth keeping.
    func value(_ key: String?, _ make: () async throws -> [UInt8]?) async rethrows -> ByteBuffer? {
        if let key, let known = files.withLock({ $0[key] }) { return known }
        guard let made = try await make().map({ ByteBuffer(bytes: $0) }) else { return nil }
        if let key { files.withLock { $0[key] = made } }
        return made
    }
}
