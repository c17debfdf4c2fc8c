import Foundation

extension Suite {
    /// How soon the server is ready, and how much memory it takes before anybody asks for anything.
    func measureStart(_ report: inout Report) throws {
        let data = folder.appending(path: "start")
        let first = try ParleyServer(options, folder: data)
        try first.makeAdministrator()
        first.process.stop()
        var times: [Double] = []
        var memory: [Double] = []
        for _ in 0..<7 {
            let server = try ParleyServer(options, folder: data)
            times.append(server.startUp)
            memory.append(server.process.memory)
            server.process.stop()
        }
        report.add(Line("start to ready", times.median, "s", .atMost(0.5), "\(times.count) starts, slowest \(figure(times.max() ?? 0)) s"))
        report.add(Line("server memory, at start", memory.median, "MB", .atMost(80)))
    }
}
