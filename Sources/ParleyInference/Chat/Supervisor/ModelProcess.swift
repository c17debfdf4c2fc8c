internal import Dispatch
internal import Foundation
internal import ParleyCore

/// One child process that serves a model: it says on its standard output where it listens, and ends when its standard input does,
/// which the system brings about when we die.
final class ModelProcess: Sendable {
    /// How long a child may take to end by itself.
    private static let patience = DispatchTimeInterval.seconds(5)

    private let child: ChildProcess
    private let news = ModelProcessNews()

    /// Starts the child.
    /// - Throws: `ChildProcess.Failure` when the executable cannot be run.
    init(executable: String, arguments: [String], environment: [String: String]) throws {
        let news = news
        var setup = ChildProcess.Setup(executable, arguments)
        (setup.environment, setup.input, setup.output, setup.messages) = (environment, .pipe, .pipe, .inherited)
        child = try ChildProcess(setup) { news.end($0.status) }
        child.output?.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil } else { news.read(data) }
        }
    }

    var identifier: Int32 { child.identifier }

    /// The address once the child listens; nil when it ends before.
    func listening() async -> String? { await news.address() }

    /// The exit status, or the negative number of the signal that ended it.
    func ended() async -> Int32 { await news.status() }

    /// Asks the child to end, and makes it end when it does not.
    func stop() {
        try? child.input?.close()
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) { [child] in child.kill() }
    }

    /// Ends the child at once.
    func kill() { child.kill() }
}

extension ChildProcess.End {
    /// The exit status, or the negative number of the signal.
    fileprivate var status: Int32 {
        switch self {
        case .exit(let status): status
        case .signal(let signal): -signal
        }
    }
}
