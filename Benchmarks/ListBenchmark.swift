import Foundation

extension Suite {
    /// A signed-in list of 50 documents against a bare route that encodes the same values, in turns.
    func measureList(_ server: ParleyServer, _ project: String, _ report: inout Report) throws {
        let session = try server.signIn()
        let path = "/v1/projects/\(project)/documents?limit=50"
        let page = try session.connection.send("GET", path, headers: session.headers)
        let file = folder.appending(path: "page.json")
        try Data(page.body).write(to: file)
        let bare = try ChildProcess(CommandLine.arguments[0], ["serve-list", file.path], log: folder.appending(path: "bare.log"))
        defer { bare.stop() }
        let barePort = Int(try bare.output(after: "listening on port ")) ?? 0
        var (ours, theirs): ([Double], [Double]) = ([], [])
        for _ in 0..<7 {
            ours.append(try requestsPerSecond(server.port, path, session.headers))
            theirs.append(try requestsPerSecond(barePort, "/list", []))
        }
        let (rate, bareRate) = (ours.dropFirst().map { $0 }, theirs.dropFirst().map { $0 })
        report.add(
            Line(
                "list of 50 : bare route", zip(rate, bareRate).map { $0 / $1 }.median, "", .atLeast(0.4),
                "\(figure(rate.median)) to \(figure(bareRate.median)) requests/s, \(page.body.count / 1000) KB each"))
    }

    /// Four connections for a second.
    private func requestsPerSecond(_ port: Int, _ path: String, _ headers: [String]) throws -> Double {
        let failures = Failures()
        let counts = Counter()
        let start = ContinuousClock.now
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            failures.catching {
                let connection = try HTTPConnection(port: port)
                let request = connection.request("GET", path, headers, [])
                var count = 0
                while start.secondsAgo < 1 {
                    guard try connection.send(request).status == 200 else { throw Failure("A list was refused.") }
                    count += 1
                }
                counts.add(count)
            }
        }
        try failures.rethrow()
        return Double(counts.value) / start.secondsAgo
    }
}
