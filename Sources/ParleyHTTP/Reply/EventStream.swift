import ServiceLifecycle

/// Writes server-sent events until they end, the caller goes, or the server stops. At most `capacity` events wait for a slow
/// caller; then the source waits too.
struct EventStream: Sendable {
    let source: EventSource
    let heartbeat: Duration
    var capacity = 64
    /// The last event of a stream whose source failed.
    let failed: @Sendable (any Error) -> ServerSentEvent

    private enum Piece: Sendable {
        case event([UInt8])
        case heartbeat
    }

    /// - Parameter gone: ends when the caller has gone.
    func write(until gone: AsyncStream<Void>, to writer: inout BodyWriter) async throws {
        let (pieces, sink) = AsyncStream<Piece>.makeStream()
        let (credits, creditSink) = Self.tokens(capacity)
        let (beats, beatSink) = Self.tokens(1)
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await produce(credits, sink) }
                group.addTask { try await beat(beats, sink) }
                group.addTask {
                    for await _ in gone {}
                    sink.finish()
                }
                for await piece in pieces {
                    switch piece {
                    case .event(let bytes):
                        try await writer.write(bytes)
                        creditSink.yield()
                    case .heartbeat:
                        try await writer.write(": heartbeat\n\n")
                        beatSink.yield()
                    }
                }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            sink.finish()
        }
    }

    /// A stream used as a counting semaphore: taking an element takes a token, yielding one gives it back.
    private static func tokens(_ count: Int) -> (AsyncStream<Void>, AsyncStream<Void>.Continuation) {
        let (stream, sink) = AsyncStream<Void>.makeStream()
        for _ in 0..<count { sink.yield() }
        return (stream, sink)
    }

    /// Moves events from the source to the sink, a token each.
    private func produce(_ credits: AsyncStream<Void>, _ sink: AsyncStream<Piece>.Continuation) async {
        do {
            try await source.deliver { event in
                for await _ in credits {
                    sink.yield(.event(event.bytes))
                    return
                }
                throw CancellationError()
            }
        } catch is CancellationError {
            // The caller has gone, or the server stops.
        } catch {
            sink.yield(.event(failed(error).bytes))
        }
        sink.finish()
    }

    /// Keeps proxies and the caller from giving up; never more than one beat waits.
    private func beat(_ tokens: AsyncStream<Void>, _ sink: AsyncStream<Piece>.Continuation) async throws {
        for await _ in tokens {
            try await Task.sleep(for: heartbeat)
            sink.yield(.heartbeat)
        }
    }
}
