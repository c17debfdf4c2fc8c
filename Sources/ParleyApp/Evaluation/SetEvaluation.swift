import ArgumentParser
import Foundation
import ParleyClient
import ParleyCore

/// Runs a project's question set through the API and tells what came of it.
struct SetEvaluation: Sendable {
    let project: String
    /// Name or id.
    let set: String
    /// Questions to add first.
    let file: String?
    let name: String
    let answers: Bool
    let depth: Int
    let settings: [Setting]
    /// A run's id.
    let baseline: String?
    let isGated: Bool

    /// `NAME=VALUE`, where the value is JSON, or else text.
    struct Setting: Sendable {
        let name: String
        let value: JSONValue

        init(_ text: String) throws {
            guard let sign = text.firstIndex(of: "=") else { throw ValidationError("--setting needs NAME=VALUE.") }
            name = String(text[..<sign])
            let value = String(text[text.index(after: sign)...])
            self.value = (try? JSONValue(parsing: value.utf8)) ?? .string(value)
        }
    }

    struct Outcome: Sendable {
        let run: JSONValue
        let comparison: JSONValue?
        let verdict: JSONValue?

        /// Whether a build should stop here.
        var isStopped: Bool { run["state"]?.string != "complete" || verdict?["passes"]?.bool == false }

        var json: JSONValue {
            var members = ["run": run]
            members["comparison"] = comparison
            members["verdict"] = verdict
            return .object(members)
        }

        var table: String { (lines(of: run) + compared + checked).joined(separator: "\n") }

        private func lines(of run: JSONValue) -> [String] {
            let head = "run \(run["id"]?.string ?? "") \(run["state"]?.string ?? "")\(run["failure"]?.string.map { ": " + $0 } ?? "")"
            let figures = (run["figures"]?.array ?? []).map { figure in
                Self.name(figure["metric"]?.string) + Self.number(figure["value"])
                    + "  (\(Self.number(figure["part"])) of \(Self.number(figure["whole"])))"
            }
            let times = (run["latencies"]?.array ?? []).map { stage in
                Self.name("time: " + (stage["stage"]?.string ?? ""))
                    + "median \(Self.number(stage["median"])) ms, p95 \(Self.number(stage["p95"])) ms"
            }
            return [head] + figures + times
        }

        private var compared: [String] {
            guard let comparison else { return [] }
            let lines = (comparison["metrics"]?.array ?? []).map { line in
                Self.name(line["metric"]?.string)
                    + "\(Self.number(line["baseline"])) → \(Self.number(line["value"])), difference \(Self.number(line["difference"])) "
                    + "(95 % \(Self.number(line["low"])) to \(Self.number(line["high"]))), p \(Self.number(line["p"])), "
                    + "\(line["wins"]?.int ?? 0) better, \(line["losses"]?.int ?? 0) worse, \(line["ties"]?.int ?? 0) alike"
            }
            let others = Self.changed(comparison)
            let note = others.isEmpty ? [] : ["not made by the same: \(others)"]
            return ["compared with \(comparison["baseline_run_id"]?.string ?? ""):"] + note + lines
        }

        private var checked: [String] {
            guard let verdict else { return [] }
            let lines = (verdict["checks"]?.array ?? []).map { check in
                Self.name(check["metric"]?.string) + "\(Self.number(check["baseline"])) → \(Self.number(check["value"])), "
                    + "\(Self.number(check["tolerance"])) tolerated: \(check["passes"]?.bool == true ? "passes" : "fails")"
            }
            let stale = verdict["stale"]?.bool == true ? ["stale: the baseline was measured with another \(Self.changed(verdict))"] : []
            return ["gate: \(verdict["passes"]?.bool == true ? "passed" : "failed")"] + stale + lines
        }

        private static func changed(_ value: JSONValue) -> String {
            (value["changed_parts"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
        }

        private static func name(_ text: String?) -> String { (text ?? "").padding(toLength: 28, withPad: " ", startingAt: 0) }

        private static func number(_ value: JSONValue?) -> String {
            guard let number = value?.double else { return "–" }
            return String(format: number == number.rounded() ? "%.0f" : "%.4f", number)
        }
    }

    func run(_ client: ParleyAPI) async throws -> Outcome {
        let root = "/v1/projects/\(try await client.project(project, make: false))"
        let path = "\(root)/question-sets/\(try await found(root, client))"
        if let file {
            let added = try await client.post(path + "/import", file: URL(filePath: file), as: JSONValue.self)
            Terminal.tell("\(added["added"]?.int ?? 0) questions added, \(added["changed"]?.int ?? 0) changed")
        }
        let body: [String: JSONValue] = [
            "name": .string(name), "answers": .bool(answers), "depth": .int(Int64(depth)),
            "settings": .object(Dictionary(settings.map { ($0.name, $0.value) }) { $1 }),
        ]
        let started = try await client.post(path + "/runs", JSONValue.object(body), as: JSONValue.self)["id"]?.string ?? ""
        let run = try await finished("\(path)/runs/\(started)", client)
        guard run["state"]?.string == "complete" else { return Outcome(run: run, comparison: nil, verdict: nil) }
        var comparison: JSONValue?
        if let baseline { comparison = try await client.get("\(path)/runs/\(started)/compare", query: ["with": baseline]) }
        let verdict = isGated ? try await client.post("\(path)/runs/\(started)/check", JSONValue.object([:]), as: JSONValue.self) : nil
        return Outcome(run: run, comparison: comparison, verdict: verdict)
    }

    /// The set's id; a set of this name is made when there is none and a file is to fill it.
    private func found(_ root: String, _ client: ParleyAPI) async throws -> String {
        for try await known in client.items(root + "/question-sets", as: JSONValue.self)
        where [known["id"]?.string, known["name"]?.string].contains(set) {
            if let id = known["id"]?.string { return id }
        }
        guard file != nil else { throw ParleyError(.notFound, "The project has no question set \(set).") }
        return try await client.post(root + "/question-sets", ["name": set], as: JSONValue.self)["id"]?.string ?? ""
    }

    private func finished(_ path: String, _ client: ParleyAPI) async throws -> JSONValue {
        var progress = Terminal.Progress("running  ")
        while true {
            let run = try await client.get(path, as: JSONValue.self)
            progress.show(Int(run["done"]?.int ?? 0), of: Int(run["total"]?.int ?? 0))
            if let state = run["state"]?.string, state != "queued", state != "running" { return run }
            try await Task.sleep(for: .milliseconds(300))
        }
    }
}
