import Foundation
import NIOPosix
import Synchronization

/// Tells the addresses of a name.
public protocol HostResolver: Sendable {
    /// - Throws: when the name is not known or nobody can be asked; `CancellationError`.
    func addresses(of name: String) async throws -> [NetworkAddress]
}

/// Asks as the operating system does, hosts file included, and waits for a few seconds at most: name services that cannot be reached
/// keep the system's own call for much longer.
public struct SystemResolver: HostResolver {
    /// Of their own, so that names which nobody tells hold up nothing else.
    private static let threads = {
        let threads = NIOThreadPool(numberOfThreads: 8)
        threads.start()
        return threads
    }()

    private let limit: Duration
    private let ask: @Sendable (String) throws -> [NetworkAddress]

    public init() { self.init(limit: .seconds(3), ask: Self.ask) }

    init(limit: Duration, ask: @escaping @Sendable (String) throws -> [NetworkAddress]) { (self.limit, self.ask) = (limit, ask) }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Stops waiting when its task is cancelled or the time is over; the system's call itself cannot be stopped.
    public func addresses(of name: String) async throws -> [NetworkAddress] {
        let waiting = Waiting()
        let timer = Task {
            try await Task.sleep(for: limit)
            waiting.end(.failure(Failure(description: "the name service did not answer within \(limit)")))
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard waiting.begin(continuation) else { return continuation.resume(throwing: CancellationError()) }
                Self.threads.submit { _ in waiting.end(Result { try ask(name) }) }
            }
        } onCancel: {
            waiting.end(.failure(CancellationError()))
        }
    }

    private static func ask(_ name: String) throws -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &list)
        guard status == 0 else { throw Failure(description: String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        return sequence(first: list) { $0?.pointee.ai_next }.compactMap { $0 }.compactMap { address($0.pointee) }
    }

    private static func address(_ entry: addrinfo) -> NetworkAddress? {
        switch entry.ai_family {
        case AF_INET:
            entry.ai_addr.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sin_addr) { NetworkAddress(bytes: Array($0)) }
            }
        case AF_INET6:
            entry.ai_addr.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sin6_addr) { NetworkAddress(bytes: Array($0)) }
            }
        default: nil
        }
    }

    /// Who waits for the system, resumed once: by its answer or by cancellation.
    private final class Waiting: Sendable {
        private enum State {
            case new, ended
            case waiting(CheckedContinuation<[NetworkAddress], any Error>)
        }

        private let state = Mutex(State.new)

        /// False when it was cancelled before it began.
        func begin(_ continuation: CheckedContinuation<[NetworkAddress], any Error>) -> Bool {
            state.withLock { state in
                guard case .new = state else { return false }
                state = .waiting(continuation)
                return true
            }
        }

        func end(_ result: Result<[NetworkAddress], any Error>) {
            let waiter: CheckedContinuation<[NetworkAddress], any Error>? = state.withLock { state in
                defer { state = .ended }
                if case .waiting(let continuation) = state { return continuation }
                return nil
            }
            waiter?.resume(with: result)
        }
    }
}
