internal import Dispatch
internal import Foundation
internal import Synchronization

/// One child process that serves a model: it says on its standard output where it listens, and ends when its standard input does,
/// which the system brings about when we die.
final class ModelProcess: Sendable {
    private struct State {
        var output: [UInt8] = []
        var address: String?
        /// How it ended; nil while it runs.
        var status: Int32?
        var awaitingAddress: [CheckedContinuation<String?, Never>] = []
        var awaitingEnd: [CheckedContinuation<Int32, Never>] = []
    }

    /// How long a child may take to end by itself.
    static let patience = DispatchTimeInterval.seconds(5)
    /// More than a line ever has; what comes after the address is thrown away.
    private static let outputLimit = 4096

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let state = Mutex(State())

    /// Starts the child.
    /// - Throws: Foundation's error when the executable cannot be run.
    init(executable: String, arguments: [String], environment: [String: String]) throws {
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = input
        process.standardOutput = output
        process.terminationHandler = { [weak self] process in self?.end(process.terminationStatus) }
        output.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil } else { self?.read(data) }
        }
        try process.run()
    }

    var identifier: Int32 { process.processIdentifier }

    /// The address once the child listens; nil when it ends before.
    func listening() async -> String? {
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

    /// The exit status, or the number of the signal that ended it.
    func ended() async -> Int32 {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Int32? in
                if state.status == nil { state.awaitingEnd.append(continuation) }
                return state.status
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Asks the child to end, and makes it end when it does not.
    func stop() {
        try? input.fileHandleForWriting.close()
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) { self.kill() }
    }

    /// Ends the child at once.
    func kill() {
        // Only a child that has not been waited for still owns its number.
        if process.isRunning { _ = Foundation.kill(process.processIdentifier, SIGKILL) }
    }

    private func read(_ data: Data) {
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

    private func end(_ status: Int32) {
        let (forAddress, forEnd) = state.withLock { state in
            defer { (state.awaitingAddress, state.awaitingEnd) = ([], []) }
            state.status = status
            return (state.awaitingAddress, state.awaitingEnd)
        }
        for continuation in forAddress { continuation.resume(returning: nil) }
        for continuation in forEnd { continuation.resume(returning: status) }
    }

    /// The address in the first whole line that tells one.
    private static func address(in output: [UInt8]) -> String? {
        let lines = output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        let line = lines.lazy.map { String(decoding: $0, as: UTF8.self) }.first { $0.hasPrefix(ModelServer.addressLine) }
        return line.map { String($0.dropFirst(ModelServer.addressLine.count)) }
    }
}
