import Accounts
import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Retrieval
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// Question sets, runs, two runs side by side, and the gate of the settings.
    @Suite struct EvaluationTests {
        private static let questions = """
            {"id": "hours", "question": "When is the office open?", "documents": ["handbook.md"], "answer": "open from nine to five on weekdays"}
            {"id": "holiday", "question": "How many days of paid holiday are there?", "documents": ["handbook.md"], "answer": "thirty days"}
            {"id": "bread", "question": "From when is bread delivered?", "documents": ["kitchen.md"], "answer": "delivered at half past six"}
            {"id": "nobody", "question": "Who painted the ceiling?"}
            """

        private static let kitchen = "# Kitchen\n\nBread is delivered at half past six. The dishwasher is emptied by whoever comes first."

        private func project(_ dialect: Dialect) async throws -> ProjectFolder {
            let project = try await Installation.on(dialect).person().project()
            try await project.add()
            try await project.add(Self.kitchen, name: "kitchen.md")
            return project
        }

        private func set(_ project: ProjectFolder, _ name: String = "Office") async throws -> String {
            let made = try await project.caller.send(.post, project.path + "/question-sets", json: ["name": .string(name)])
            try #require(made.status == 201, "\(made.text)")
            return project.path + "/question-sets/" + (made.json["id"]?.string ?? "")
        }

        private func filled(_ project: ProjectFolder) async throws -> String {
            let set = try await set(project)
            let report = try await fill(project, set, Self.questions)
            #expect(report.status == 200 && report.json["added"] == 4, "\(report.text)")
            return set
        }

        private func fill(_ project: ProjectFolder, _ set: String, _ text: String) async throws -> Answer {
            try await project.caller.send(
                .post, set + "/import", bytes: Array(text.utf8), ["Content-Type": "application/octet-stream"])
        }

        /// A run's path once it is over.
        private func run(_ project: ProjectFolder, _ set: String, _ body: JSONValue = [:]) async throws -> (path: String, run: JSONValue) {
            let started = try await project.caller.send(.post, set + "/runs", json: body)
            try #require(started.status == 202, "\(started.text)")
            let path = try #require(started.header("Location"))
            return (path, try await finished(project, path))
        }

        private func finished(_ project: ProjectFolder, _ path: String, _ over: Set<String> = ["complete", "failed", "cancelled"])
            async throws -> JSONValue
        {
            try await eventually("\(path) is over") {
                let found = try await project.caller.send(.get, path).json
                // Not `nil`, which is also how a JSON null is written.
                return over.contains(found["state"]?.string ?? "") ? found : JSONValue?.none
            }
        }

        private func figure(_ run: JSONValue, _ metric: String, _ member: String = "value") -> Double? {
            run["figures"]?.array?.first { $0["metric"]?.string == metric }?[member]?.double
        }

        @Test(arguments: TestDatabases.all) func questionsAreKept(_ dialect: Dialect) async throws {
            let project = try await project(dialect)
            let set = try await filled(project)
            let caller = project.caller
            #expect(try await caller.send(.get, set).json["questions"] == 4)
            #expect(
                try await caller.send(.post, project.path + "/question-sets", json: ["name": "Office"]).problem == "question_set.name_taken"
            )
            let list = try await caller.send(.get, set + "/questions?filter=answerable=false")
            #expect(list.items.map { $0["key"]?.string } == ["nobody"])
            let again = try await fill(
                project, set, "{\"id\": \"hours\", \"question\": \"When does the office open?\", \"documents\": [\"handbook.md\"]}")
            #expect(again.json["changed"] == 1 && again.json["added"] == 0)
            #expect(try await fill(project, set, "query-id\tcorpus-id\tscore\nhours\thandbook\t2\nx\ty\t1\n").json["unknown"] == 1)
            let judged = try await caller.send(.get, set + "/questions?filter=key=hours").items.first
            #expect(judged?["expected"]?.array?.first?["gain"] == 2 && judged?["question"] == "When does the office open?")
            #expect(try await fill(project, set, "{\"question\": \"fine\"}\nnonsense").problem == "question_set.file_invalid")
            #expect(try await caller.send(.get, set).json["questions"] == 4, "a file is taken whole or not at all")

            let bulk = try await caller.send(
                .post, set + "/questions/bulk",
                json: [
                    "operations": [
                        ["op": "create", "body": ["question": "Why?", "key": "why", "answerable": false]],
                        ["op": "create", "body": ["question": "Why?", "key": "why"]],
                    ]
                ])
            #expect(bulk.json["succeeded"] == 1 && bulk.items.last?["error"]?["errors"]?.array?.first?["pointer"] == "/key", "\(bulk.text)")
            let id = bulk.items.first?["id"]?.string ?? ""
            let changed = try await caller.send(.patch, set + "/questions/\(id)", json: ["answerable": nil, "tags": ["later"]])
            #expect(changed.json["answerable"] == .null && changed.json["tags"] == ["later"] && changed.json["question"] == "Why?")
            #expect(try await caller.send(.delete, set + "/questions/\(id)").status == 204)
            #expect(try await caller.send(.get, set + "/questions/\(id)").problem == "question.not_found")
        }

        @Test(arguments: TestDatabases.all) func aRunMeasuresTheSearchAndTheAnswers(_ dialect: Dialect) async throws {
            let project = try await project(dialect)
            let set = try await filled(project)
            let (path, run) = try await run(project, set, ["name": "With answers", "answers": true])
            #expect(run["state"] == "complete" && run["done"]?.int == 4 && run["progress"]?.double == 1, "\(run.text)")
            #expect(figure(run, "recall_at_10") == 1 && figure(run, "recall_at_10", "whole") == 3, "\(run.text)")
            #expect(figure(run, "passage_recall_at_10") == 1 && figure(run, "passage_recall_at_10", "whole") == 3)
            // The scripted model says the same to everybody: right for one question, and never a refusal.
            #expect(figure(run, "citation_recall", "part") == 1 && figure(run, "citation_recall", "whole") == 3, "\(run.text)")
            #expect(figure(run, "false_answers") == 1 && figure(run, "false_refusals") == 0)
            let stages = (run["latencies"]?.array ?? []).compactMap { $0["stage"]?.string }
            #expect(Set(stages).isSuperset(of: ["embed", "rank", "search", "generate", "answer"]), "\(stages)")
            let results = try await project.caller.send(.get, path + "/results")
            try #require(results.items.count == 4)
            #expect(results.items.map { $0["position"]?.int } == [0, 1, 2, 3])
            #expect(results.items[0]["answer"]?.string?.contains("nine to five") == true)
            #expect(results.items[0]["citations"]?.array?.contains { $0["right"] == true } == true, "\(results.items[0].text)")
            #expect(try await project.caller.send(.get, project.threads).items.isEmpty, "a run leaves no threads behind")
        }

        @Test(arguments: TestDatabases.all) func twoSettingsStandSideBySide(_ dialect: Dialect) async throws {
            let project = try await project(dialect)
            let set = try await filled(project)
            let (before, _) = try await run(project, set, ["settings": ["search_mode": "lexical"]])
            let (after, second) = try await run(project, set, ["settings": ["search_mode": "vector", "passages": 2]])
            #expect(second["settings"]?["search_mode"] == "vector" && second["settings"]?["passages"] == 2)
            #expect(try await project.caller.send(.get, project.path + "/settings").json["search_mode"] == .null, "the project's own stay")
            let path = after + "/compare?with=" + before.lastComponent
            let compared = try await project.caller.send(.get, path)
            #expect(compared.status == 200 && compared.json["questions"] == 4, "\(compared.text)")
            let nDCG = compared.json["metrics"]?.array?.first { $0["metric"] == "ndcg_at_10" }
            #expect((nDCG?["wins"]?.int ?? 0) + (nDCG?["losses"]?.int ?? 0) + (nDCG?["ties"]?.int ?? 0) == 3)
            #expect(nDCG?["p"]?.double.map { (0...1).contains($0) } == true)
            #expect(try await project.caller.send(.get, path).json == compared.json, "the same figures each time")
            let other = try await self.set(project, "Other")
            _ = try await fill(project, other, "{\"question\": \"Who?\"}")
            let (foreign, _) = try await run(project, other)
            #expect(try await project.caller.send(.get, after + "/compare?with=" + foreign.lastComponent).problem == "run.of_another_set")
            #expect(
                try await project.caller.send(.post, set + "/runs", json: ["settings": ["model": "no-such"]]).problem == "input.invalid")
        }

        @Test(arguments: TestDatabases.all) func aRunCanBeStopped(_ dialect: Dialect) async throws {
            let project = try await project(dialect)
            let set = try await set(project)
            #expect(try await project.caller.send(.post, set + "/runs", json: [:]).problem == "run.no_questions")
            _ = try await fill(
                project, set, (1...20).map { "{\"question\": \"Tell me \($0) [slowly]\", \"answerable\": true}" }.joined(separator: "\n"))
            let started = try await project.caller.send(.post, set + "/runs", json: ["answers": true])
            let path = started.header("Location") ?? ""
            #expect(try await project.caller.send(.delete, path).problem == "run.active")
            _ = try await finished(project, path, ["running"])
            #expect(try await project.caller.send(.post, path + "/cancel").status == 202)
            let over = try await finished(project, path)
            #expect(over["state"] == "cancelled" && (over["done"]?.int ?? 20) < 20, "\(over.text)")
            #expect(try await project.caller.send(.post, path + "/cancel").json["state"] == "cancelled")
            #expect(try await project.caller.send(.delete, path).status == 204)
        }

        @Test(arguments: TestDatabases.all) func theGateLetsNothingWorsePass(_ dialect: Dialect) async throws {
            let project = try await project(dialect)
            let caller = project.caller
            let set = try await filled(project)
            let settings = project.path + "/settings"
            // A question that only words find, so that another mode is measurably worse.
            try await project.add("# Codes\n\nThe part XQ-7781 is kept in drawer four.", name: "codes.md")
            let (baseline, run) = try await run(project, set, ["settings": ["passages": 3]])
            #expect(run["state"] == "complete")
            let rule: JSONValue = [
                "set_id": .string(set.lastComponent), "run_id": .string(baseline.lastComponent), "tolerances": [["metric": "recall_at_10"]],
            ]
            #expect(try await caller.send(.post, settings + "/proposals", json: ["settings": [:]]).problem == "settings.gate_off")
            #expect(try await caller.send(.put, settings + "/gate", json: rule).status == 200)
            #expect(try await caller.send(.delete, set).problem == "settings.gate_required")
            #expect(try await caller.send(.delete, baseline).problem == "settings.gate_required")
            #expect(try await caller.send(.patch, settings, json: ["passages": 4], ["If-Match": "*"]).problem == "settings.gate_required")
            #expect(try await caller.send(.patch, settings, json: ["daily_tokens": 100_000], ["If-Match": "*"]).status == 200)

            let fine = try await caller.send(.post, settings + "/proposals", json: ["settings": ["passages": 4]])
            try #require(fine.status == 202, "\(fine.text)")
            let applied = try await finished(project, try #require(fine.header("Location")), ["applied", "refused", "stale", "failed"])
            #expect(applied["state"] == "applied" && applied["verdict"]?["passes"] == true, "\(applied.text)")
            #expect(try await caller.send(.get, settings).json["passages"] == 4)

            // Without its document the question finds nothing, whatever the settings: a loss that the gate must see.
            for document in try await caller.send(.get, project.documents).items where document["name"] == "kitchen.md" {
                #expect(try await caller.send(.delete, project.documents + "/" + (document["id"]?.string ?? "")).status == 204)
            }
            let worse = try await caller.send(.post, settings + "/proposals", json: ["settings": ["passages": 5]])
            let refusal = try #require(worse.header("Location"))
            let refused = try await finished(project, refusal, ["applied", "refused", "stale", "failed"])
            #expect(refused["state"] == "refused" && refused["verdict"]?["checks"]?.array?.first?["passes"] == false, "\(refused.text)")
            let told = try await caller.send(.post, refusal + "/apply")
            #expect(told.status == 409 && told.problem == "settings.gate_failed", "\(told.text)")
            #expect(told.json["errors"]?.array?.first?["pointer"] == "recall_at_10", "the figures are told")
            #expect(try await caller.send(.get, settings).json["passages"] == 4)
            let checked = try await caller.send(
                .post, set + "/runs/" + (refused["run_id"]?.string ?? "") + "/check")
            #expect(checked.status == 200 && checked.json["passes"] == false, "\(checked.text)")
            #expect(try await caller.send(.put, settings + "/gate", json: ["set_id": nil, "run_id": nil]).status == 200)
            #expect(try await caller.send(.patch, settings, json: ["passages": 6], ["If-Match": "*"]).status == 200)
        }

        /// The run goes on, since they may still measure; what it decides waits for somebody who may change settings.
        @Test(arguments: TestDatabases.all) func whoMayNotChangeSettingsAnyMoreHasProposedInVain(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await project(dialect)
            let settings = project.path + "/settings"
            let set = try await filled(project)
            let (baseline, _) = try await run(project, set)
            let rule: JSONValue = [
                "set_id": .string(set.lastComponent), "run_id": .string(baseline.lastComponent), "tolerances": [["metric": "recall_at_10"]],
            ]
            #expect(try await project.caller.send(.put, settings + "/gate", json: rule).status == 200)
            // Two long runs take every place, so that the proposal's run waits.
            let busy = try await installation.person().project()
            let slow = try await self.set(busy)
            _ = try await fill(busy, slow, "{\"question\": \"Tell me [slowly]\"}\n{\"question\": \"And on [slowly]\"}")
            var runs: [String] = []
            for _ in 0..<2 {
                let started = try await busy.caller.send(.post, slow + "/runs", json: ["answers": true])
                runs.append(try #require(started.header("Location"), "\(started.text)"))
            }
            for path in runs { _ = try await finished(busy, path, ["running"]) }

            let friend = try await installation.person()
            try await installation.join(project.id, friend, as: .owner)
            let proposed = try await friend.caller.send(.post, settings + "/proposals", json: ["settings": ["passages": 4]])
            let proposal = try #require(proposed.header("Location"), "\(proposed.text)")
            try await installation.join(project.id, friend, as: .editor)
            for path in runs { #expect(try await busy.caller.send(.post, path + "/cancel").status == 202) }
            let over = try await finished(project, proposal, ["passed", "applied", "refused", "stale", "failed"])
            #expect(over["state"] == "passed", "\(over.text)")
            #expect(try await project.caller.send(.get, settings).json["passages"] == .null)
            #expect(try await project.caller.send(.post, proposal + "/apply").json["state"] == "applied")
            #expect(try await project.caller.send(.get, settings).json["passages"] == 4)
        }

        @Test(arguments: TestDatabases.all) func aBaselineOfOtherModelsIsStale(_ dialect: Dialect) async throws {
            let project = try await project(dialect)
            let (caller, installation) = (project.caller, try Installation.on(dialect))
            let set = try await filled(project)
            let (baseline, before) = try await run(project, set)
            let parts = (before["made_by"]?.array ?? []).compactMap { $0["part"]?.string }
            #expect(parts == ["parley", "embedding_model", "calibration"], "search alone needs no language model")
            #expect(before["made_by"]?.array?[1]["identity"]?.string?.hasPrefix("all-MiniLM-L6-v2@") == true)
            let settings = project.path + "/settings"
            #expect(try await caller.send(.get, settings + "/gate/baseline").json["state"] == "off")
            let rule: JSONValue = [
                "set_id": .string(set.lastComponent), "run_id": .string(baseline.lastComponent), "tolerances": [["metric": "recall_at_10"]],
            ]
            #expect(try await caller.send(.put, settings + "/gate", json: rule).status == 200)
            #expect(try await caller.send(.get, settings + "/gate/baseline").json["state"] == "fresh")

            let other = AnswerCalibration(weights: [1, 2, -3], threshold: 0.5, doubt: 0.5, questions: 10)
            try await installation.parley.calibrate(other)
            let stale = try await caller.send(.get, settings + "/gate/baseline").json
            #expect(stale["state"] == "stale" && stale["changed_parts"] == ["calibration"], "\(stale.text)")
            #expect(
                try await caller.send(.post, settings + "/proposals", json: ["settings": ["passages": 4]]).problem == "settings.gate_stale")
            let (after, _) = try await run(project, set)
            let verdict = try await caller.send(.post, after + "/check").json
            #expect(verdict["stale"] == true && verdict["changed_parts"] == ["calibration"], "\(verdict.text)")
            #expect(verdict["passes"] == true, "the figures are told all the same")
            let compared = try await caller.send(.get, after + "/compare?with=" + baseline.lastComponent).json
            #expect(compared["changed_parts"] == ["calibration"], "\(compared.text)")
            try await installation.parley.database.write { _ = try $0.execute("DELETE FROM answer_calibrations") }
            #expect(try await caller.send(.get, settings + "/gate/baseline").json["state"] == "fresh")
            let (answered, _) = try await run(project, set, ["answers": true])
            let made = try await caller.send(.get, answered).json["made_by"]?.array?.compactMap { $0["part"]?.string } ?? []
            #expect(made.contains { $0.hasPrefix("language_model ") } && made.contains("answer_limits"), "\(made)")
        }

        @Test(arguments: TestDatabases.all) func onlySettingsThatWereProposedAreApplied(_ dialect: Dialect) async throws {
            let project = try await project(dialect)
            let caller = project.caller
            let set = try await filled(project)
            let (baseline, _) = try await run(project, set)
            let rule: JSONValue = [
                "set_id": .string(set.lastComponent), "run_id": .string(baseline.lastComponent),
                "tolerances": [["metric": "ndcg_at_10", "tolerance": 1]],
            ]
            let settings = project.path + "/settings"
            #expect(try await caller.send(.put, settings + "/gate", json: rule).status == 200)
            var paths: [String] = []
            for passages in [2, 3] {
                let made = try await caller.send(
                    .post, settings + "/proposals", json: ["settings": ["passages": .int(Int64(passages))], "apply": false])
                paths.append(try #require(made.header("Location")))
            }
            for path in paths { #expect(try await finished(project, path, ["passed", "refused", "failed", "stale"])["state"] == "passed") }
            #expect(try await caller.send(.get, settings).json["passages"] == .null)
            #expect(try await caller.send(.post, paths[0] + "/apply").json["state"] == "applied")
            #expect(try await caller.send(.post, paths[1] + "/apply").problem == "settings.proposal_stale")
            #expect(try await caller.send(.get, settings).json["passages"] == 2)
        }

        @Test(arguments: TestDatabases.all) func eachSeesWhatTheyMay(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await project(dialect)
            let set = try await filled(project)
            let (viewer, editor, stranger) = (
                try await installation.person(), try await installation.person(), try await installation.person()
            )
            for (person, role) in [(viewer, "viewer"), (editor, "editor")] {
                let joined = try await project.caller.send(
                    .put, project.path + "/members/\(person.user.id)", json: ["role": .string(role)])
                #expect(joined.status == 200)
            }
            #expect(try await viewer.caller.send(.get, set).status == 403)
            #expect(try await editor.caller.send(.get, set).status == 200)
            #expect(try await editor.caller.send(.put, project.path + "/settings/gate", json: [:]).status == 403)
            #expect(try await stranger.caller.send(.get, set).status == 404)
            // A set of one project is not there under another.
            let own = try await stranger.project()
            #expect(
                try await stranger.caller.send(.get, own.path + "/question-sets/" + set.lastComponent).problem == "question_set.not_found")
            let (run, _) = try await run(project, set)
            let path = own.path + "/question-sets/" + set.lastComponent + "/runs/" + run.lastComponent
            for method in ["", "/results"] { #expect(try await stranger.caller.send(.get, path + method).status == 404) }
            let rule: JSONValue = [
                "set_id": .string(set.lastComponent), "run_id": .string(run.lastComponent), "tolerances": [["metric": "ndcg_at_10"]],
            ]
            #expect(try await stranger.caller.send(.put, own.path + "/settings/gate", json: rule).problem == "question_set.not_found")
        }
    }
}
