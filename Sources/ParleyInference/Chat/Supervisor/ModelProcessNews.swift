internal import Foundation
internal import Synchronization

/// What is heard of a child that serves a model, and those who wait to hear it.
final class ModelProcessNews: Sendable {
    private struct State {
        var output: [UInt8] = []
        var address: String?
        /// How the child ended; nil while it runs.
        var status: Int32?
        var awaitingAddress: [CheckedContinuation<String?, Never>] = []
        var awaitingStatus: [CheckedContinuation<Int32, Never>] = []
    }

    /// More than a line ever has; what comes after the address is thrown away.
    private static let outputLimit = 4096

    private let state = Mutex(State())

    /// The address once it is told; nil when the child ends before. Cancellation does not end the wait, the child's end does.
    func address() async -> String? {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> String?? in
                if let address = state.address { return .some(address) }
                if state.status != nil { return .some(nil) }
                state.awaitingAddress.append(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// How the child ended, once it has.
    func status() async -> Int32 {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Int32? in
                if state.status == nil { state.awaitingStatus.append(continuation) }
                return state.status
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Takes what the child wrote.
    func read(_ data: Data) {
        let (address, waiting) = state.withLock { state -> (String?, [CheckedContinuation<String?, Never>]) in
            guard state.address == nil, state.output.count < Self.outputLimit else { return (nil, []) }
            state.output += data
            state.address = Self.address(in: state.output)
            guard let address = state.address else { return (nil, []) }
            defer { state.awaitingAddress = [] }
            return (address, state.awaitingAddress)
        }
        for continuation in waiting { continuation.resume(returning: address) }
    }

    /// Takes how the child ended.
    func end(_ status: Int32) {
        let (forAddress, forStatus) = state.withLock { state in
            defer { (state.awaitingAddress, state.awaitingStatus) = ([], []) }
            state.status = status
            return (state.awaitingAddress, state.awaitingStatus)
        }
        for continuation in forAddress { continuation.resume(returning: nil) }
        for continuation in forStatus { continuation.resume(returning: status) }
    }

    /// The address in the first whole line that tells one.
    private static func address(in output: [UInt8]) -> String? {
        let lines = output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        let line = lines.lazy.map { String(decoding: $0, as: UTF8.self) }.first { $0.hasPrefix(ModelServer.addressLine) }
        return line.map { String($0.dropFirst(ModelServer.addressLine.count)) }
    }
}
