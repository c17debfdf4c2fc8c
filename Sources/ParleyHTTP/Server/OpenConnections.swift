import Glibc
import NIOCore
import Synchronization

/// The connections that are open, and whose place is taken from whom when there are too many.
final class OpenConnections: Sendable {
    /// One open connection.
    final class Connection: Sendable {
        let address: String
        private let close: @Sendable () -> Void
        /// Nanoseconds of the clock since when it has had no request; 0 while it has one.
        private let idleSince: Atomic<UInt64>

        fileprivate init(address: String, close: @escaping @Sendable () -> Void) {
            (self.address, self.close) = (address, close)
            idleSince = Atomic(NIODeadline.now().uptimeNanoseconds)
        }

        func isBusy() { idleSince.store(0, ordering: .relaxed) }
        func isIdle() { idleSince.store(NIODeadline.now().uptimeNanoseconds, ordering: .relaxed) }

        fileprivate var idle: UInt64? {
            let since = idleSince.load(ordering: .relaxed)
            return since == 0 ? nil : since
        }

        fileprivate func drop() { close() }
    }

    private struct State {
        var count = 0
        var byAddress: [String: [ObjectIdentifier: Connection]] = [:]

        mutating func remove(_ connection: Connection) {
            guard byAddress[connection.address]?.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
            if byAddress[connection.address]?.isEmpty == true { byAddress[connection.address] = nil }
            count -= 1
        }
    }

    private let most: Int
    private let mostOfOne: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - most: in all.
    ///   - mostOfOne: of one address.
    init(most: Int, mostOfOne: Int) { (self.most, self.mostOfOne) = (most, mostOfOne) }

    /// Takes one more connection in. Where its address has all that it may have, its longest idle one makes room; where all places
    /// are taken, the longest idle one of all.
    /// - Returns: nil when none is idle, so that the new one must be closed.
    func open(from address: String, close: @escaping @Sendable () -> Void) -> Connection? {
        let connection = Connection(address: address, close: close)
        let (isTaken, dropped): (Bool, Connection?) = state.withLock { state in
            var dropped: Connection?
            if let own = state.byAddress[address], own.count >= mostOfOne {
                dropped = Self.longestIdle(own.values)
                guard dropped != nil else { return (false, nil) }
            } else if state.count >= most {
                dropped = Self.longestIdle(state.byAddress.values.lazy.flatMap(\.values))
                guard dropped != nil else { return (false, nil) }
            }
            if let dropped { state.remove(dropped) }
            state.byAddress[address, default: [:]][ObjectIdentifier(connection)] = connection
            state.count += 1
            return (true, dropped)
        }
        dropped?.drop()
        return isTaken ? connection : nil
    }

    /// The connection is gone.
    func closed(_ connection: Connection) { state.withLock { $0.remove(connection) } }

    /// How many are open.
    var count: Int { state.withLock { $0.count } }

    private static func longestIdle(_ connections: some Sequence<Connection>) -> Connection? {
        connections.lazy.compactMap { connection in connection.idle.map { (connection, $0) } }.min { $0.1 < $1.1 }?.0
    }
}

extension SocketAddress {
    /// What counts as one address: an IPv4 address, or an IPv6 network of 64 bits, which is what one customer has at least.
    var place: String {
        guard case .v6(let six) = self else { return ipAddress ?? "" }
        let bytes = withUnsafeBytes(of: six.address.sin6_addr) { Array($0) }
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10..<12].allSatisfy { $0 == 0xFF }
        return (isMapped ? bytes.suffix(4) : bytes.prefix(8)).map(String.init).joined(separator: isMapped ? "." : ",")
    }
}
