import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ParleyCore
import ParleyTelemetry

/// A handler's reply and its schema, on the way to the wire.
struct ReplyMaker: Sendable {
    let response: @Sendable (EndpointRequest, StreamPolicy) -> Response
    /// The items of a page, each as its JSON text, and where the list goes on; nil for other answers.
    let part: @Sendable (EndpointRequest) -> (items: [[UInt8]], next: String?)?

    init<Output>(_ reply: Reply<Output>, _ schema: Schema<Output>) {
        response = { request, policy in
            var response = reply.response(schema, request, policy)
            for (name, value) in reply.headers {
                if let name = HTTPField.Name(name) { response.headers[name] = value }
            }
            request.notePreferences(reply, &response)
            return response
        }
        part = { request in
            guard case .page(let make) = reply.content, let items = schema.items else { return nil }
            let made = make(Cursor(request))
            return (items(made.value, request.choice), made.next)
        }
    }
}

/// How streamed answers behave.
struct StreamPolicy: Sendable {
    let heartbeat: Duration
    let logger: Logger
}

extension Reply {
    fileprivate func response(_ schema: Schema<Output>, _ request: EndpointRequest, _ policy: StreamPolicy) -> Response {
        switch content {
        case .nothing: Response(status: .init(code: status))
        case .value(let value):
            request.prefersMinimal(of: self) ? minimalResponse : valueResponse(schema.encode(value, request.choice), request)
        case .page(let make): pageResponse(make(Cursor(request)), schema, request)
        case .stream(let contentType, let length, let write): streamResponse(contentType, length, policy, write)
        case .file(let file, let write): fileResponse(file, request, policy, write)
        case .events(let source): eventResponse(source, request, policy)
        }
    }

    private func pageResponse(_ made: MadePage<Output>, _ schema: Schema<Output>, _ request: EndpointRequest) -> Response {
        let tag = request.endpoint.cache.allowsTags ? made.version.map(request.listTag) : nil
        if made.isUnchanged, let tag { return Response(status: .notModified, headers: [.contentType: "application/json", .eTag: tag]) }
        var response = valueResponse(schema.encode(made.value, request.choice), request, tag)
        response.headers[.link] = request.links(made.previous, made.next)
        return response
    }

    /// 204, or the status that says more, without the value.
    private var minimalResponse: Response { Response(status: status == 200 ? .noContent : .init(code: status)) }

    /// - Parameter known: the answer's tag when its version is known; else the tag is made of the bytes.
    private func valueResponse(_ bytes: [UInt8], _ request: EndpointRequest, _ known: String? = nil) -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        let hasTag = self.headers.contains { $0.name == "ETag" }
        if status == 200, request.endpoint.method == .get, request.endpoint.cache.allowsTags, !hasTag {
            let isPage = if case .page = content { true } else { false }
            let tag = known ?? (isPage ? EntityTag.weak(bytes) : EntityTag.strong(bytes))
            headers[.eTag] = tag
            if EntityTag.matches(request.request.headers[.ifNoneMatch], tag) { return Response(status: .notModified, headers: headers) }
        }
        return Response(status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func streamResponse(
        _ contentType: String, _ length: Int64?, _ policy: StreamPolicy,
        _ write: @escaping @Sendable (inout BodyWriter) async throws -> Void
    ) -> Response {
        Response(
            status: .init(code: status), headers: [.contentType: contentType],
            body: .streaming(length.flatMap { Int(exactly: $0) }, policy, write))
    }

    private func fileResponse(
        _ file: FileBody, _ request: EndpointRequest, _ policy: StreamPolicy,
        _ write: @escaping @Sendable (Range<Int64>, inout BodyWriter) async throws -> Void
    ) -> Response {
        var headers: HTTPFields = [.contentType: file.contentType, .contentDisposition: file.disposition, .acceptRanges: "bytes"]
        let tag = "\"\(file.etag)\""
        headers[.eTag] = tag
        let fields = request.request.headers
        if EntityTag.matches(fields[.ifNoneMatch], tag) { return Response(status: .notModified, headers: headers) }
        let isSameFile = fields[.ifRange].map { $0 == tag } ?? true
        switch isSameFile ? ByteRange(fields[.range], length: file.length) : .whole {
        case .whole:
            return Response(headers, 200, policy, 0..<max(0, file.length), write)
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.length)"
            return Response(headers, 206, policy, range, write)
        case .unsatisfiable:
            let error = ParleyError(.rangeNotSatisfiable, "The file has \(file.length) bytes; the range lies outside.")
            var response = Problem(error: error, instance: request.path, requestID: request.requestID).response
            response.headers[.contentRange] = "bytes */\(file.length)"
            return response
        }
    }

    private func eventResponse(_ source: EventSource, _ request: EndpointRequest, _ policy: StreamPolicy) -> Response {
        let stream = EventStream(source: source, heartbeat: policy.heartbeat) { error in
            let told = ParleyError(mapping: error)
            policy.logger.report(told, "An event stream ended early.")
            return ServerSentEvent("error", problem: Problem(error: told, instance: request.path, requestID: request.requestID))
        }
        let body = ResponseBody.streaming(nil, policy) { writer in
            let (gone, sink) = AsyncStream<Void>.makeStream()
            // The closure reads on from the connection, which is how a caller's leaving shows; so nothing follows on it.
            try await (request.collected.request ?? request.request).body.consumeWithInboundCloseHandler { _ in
                try await stream.write(until: gone, to: &writer)
            } onInboundClosed: {
                sink.finish()
            }
        }
        let headers: HTTPFields = [.contentType: "text/event-stream", .connection: "close", .xAccelBuffering: "no"]
        return Response(status: .init(code: status), headers: headers, body: body)
    }
}

extension Response {
    /// A part of a file.
    fileprivate init(
        _ headers: HTTPFields, _ status: Int, _ policy: StreamPolicy, _ range: Range<Int64>,
        _ write: @escaping @Sendable (Range<Int64>, inout BodyWriter) async throws -> Void
    ) {
        let body = ResponseBody.streaming(Int(exactly: range.upperBound - range.lowerBound), policy) { try await write(range, &$0) }
        self.init(status: .init(code: status), headers: headers, body: body)
    }
}

extension ResponseBody {
    /// A body written by a closure in the trace of the request that it answers. An error ends the connection, since the head is
    /// already on its way, and is logged.
    static func streaming(
        _ length: Int?, _ policy: StreamPolicy, _ write: @escaping @Sendable (inout BodyWriter) async throws -> Void
    ) -> ResponseBody {
        let trace = TraceContext.current
        return ResponseBody(contentLength: length) { [base = policy.logger] target in
            try await TraceContext.$current.withValue(trace) {
                do {
                    var writer = BodyWriter(target: target)
                    try await write(&writer)
                } catch {
                    base.debug("A streamed answer ended early.", metadata: ["error": "\(error)"])
                    throw error
                }
            }
            try await target.finish(nil)
        }
    }
}

extension Logger {
    /// Logs an error at the level that its kind asks for, with the cause that the caller is not told.
    func report(_ error: ParleyError, _ message: Message) {
        let metadata: Metadata = ["code": "\(error.code.name)", "error": "\(error)"]
        log(level: error.code.isFault && error.code != .cancelled ? .error : .debug, message, metadata: metadata)
    }
}

extension HTTPField.Name {
    /// Tells nginx not to hold back what it is given; other proxies pass over it.
    fileprivate static let xAccelBuffering = parsed("X-Accel-Buffering")
}
