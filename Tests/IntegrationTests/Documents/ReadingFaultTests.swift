import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// Faults of reading and searching, seen from outside.
    @Suite struct ReadingFaultTests {
        private func names(_ hits: [JSONValue]) -> [String] { hits.compactMap { $0["document_name"]?.string } }

        @Test(arguments: TestDatabases.all)
        func whatWasLostIsToldWithTheDocument(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let bytes = Array("Die Größe der Tür beträgt zwei Meter.\nEin ".utf8) + [0xE9] + Array(" Wort.\n".utf8)
            let taken = try await project.caller.send(
                .post, project.documents + "?name=door.txt", bytes: bytes, ["Content-Type": "application/octet-stream"])
            #expect(taken.json["warnings"]?.array == [])
            let id = try #require(taken.json["id"]?.string)
            let document = try await project.read(id)
            #expect(document["state"]?.string == "ready")
            #expect(
                document["warnings"]?.array?.count == 1 && document["warnings"]?.array?.first?.string?.contains("one character") == true)
            let text = try await project.caller.send(.get, project.documents + "/\(id)/text").json["text"]?.string
            #expect(text?.contains("Größe der Tür beträgt") == true && text?.contains("Ein \u{FFFD} Wort.") == true)
            #expect(try await project.add("Whole words.", name: "whole.txt")["warnings"]?.array == [])
        }

        @Test(arguments: TestDatabases.all)
        func tagsOfAQueryLoseTheirBlanks(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let taken = try await project.upload("Words.", name: "q.txt", tags: ["red,%20green%20,,blue"])
            #expect(taken.json["tags"]?.array == ["blue", "green", "red"], "\(taken.text)")
        }

        @Test(arguments: TestDatabases.all)
        func copiesStandOnceAmongTheHits(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            for copy in 1...8 {
                let blanks = String(repeating: " ", count: copy)
                try await project.add("# Refund policy\n\nRefunds are paid\(blanks)within 14 days of the request.", name: "copy\(copy).txt")
            }
            try await project.add("# Refund\n\nOther refunds take 30 days and need a form.", name: "other.md")
            try await project.add("The policy on refunds of parcels names no days.", name: "third.md")
            for mode in ["lexical", "vector", "hybrid"] {
                let hits = names(try await project.search("refund policy days", mode: mode, limit: 3))
                #expect(hits.count == 3 && Set(hits).isSuperset(of: ["other.md", "third.md"]), "\(mode) \(hits)")
            }
        }

        @Test(arguments: TestDatabases.all)
        func optionsOfProgramsAreAskedFor(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            try await project.add("# Tar\n\nThe option -v prints the version. Use gcc -O2 for speed. Unpack with tar -xvf.", name: "tar.md")
            try await project.add("# Lamp\n\nThe lamp is warm and works in winter.", name: "lamp.md")
            for question in ["What does the -v option do?", "What does gcc -O2 do?", "tar -xvf", "option -v"] {
                #expect(names(try await project.search(question)).first == "tar.md", "\(question)")
            }
            #expect(names(try await project.search("option lamp -version", mode: "lexical")) == ["lamp.md"])
        }

        @Test(arguments: TestDatabases.all)
        func rowsOfALongTableKnowTheirColumns(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let rows = (0..<200).map { "\($0),Person\($0),City\($0 % 7),\(1000 + $0)" }.joined(separator: "\n")
            let document = try await project.add("id,name,city,salary\n" + rows, name: "staff.csv")
            #expect((document["chunks"]?.int ?? 0) > 5)
            let hit = try await project.search("salary of Person150").first { $0["text"]?.string?.contains("Person150 |") == true }
            #expect(hit?["table_header"]?.string == "id | name | city | salary")
        }

        @Test(arguments: TestDatabases.all)
        func textsWithoutSpacesAreManyPassages(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let thai = String(repeating: "สัญญาเช่าฉบับนี้มีอายุสามปีนับจากวันที่ลงนามผู้เช่าต้องชำระค่าเช่าทุกวันที่ห้าของเดือน", count: 100)
            let document = try await project.add(thai + "รหัสตู้นิรภัยคือ7391" + thai, name: "lease.txt")
            #expect((document["chunks"]?.int ?? 0) > 20)
            let hits = try await project.search("รหัสตู้นิรภัยคืออะไร")
            #expect(hits.allSatisfy { ($0["text"]?.string?.unicodeScalars.count ?? 0) < 1500 })
            #expect(hits.first?["text"]?.string?.contains("7391") == true)
        }
    }
}
