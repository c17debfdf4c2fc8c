import Foundation
import Library
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    @Suite struct ExchangeTests {
        private func take(_ json: JSONValue, _ project: ProjectFolder) async throws -> Answer {
            try await project.caller.send(
                .post, project.threads + "/import", bytes: Array(json.text.utf8), ["Content-Type": "application/json"])
        }

        private func messages(_ project: ProjectFolder, _ thread: JSONValue?) async throws -> [JSONValue] {
            try await project.caller.send(.get, project.threads + "/" + (thread?["id"]?.string ?? "") + "/messages").items
        }

        @Test(arguments: TestDatabases.all)
        func aThreadIsWrittenOutWithItsCitations(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            try await project.add()
            let thread = try await project.thread()
            let path = try await project.ask("When is the <office> open?", in: thread)
            _ = try await project.caller.follow(path + "/events")

            let markdown = try await project.caller.send(.get, thread + "/export")
            #expect(markdown.header("Content-Type") == "text/markdown; charset=utf-8")
            #expect(markdown.header("Content-Disposition")?.contains("filename=\"When is the office open.md\"") == true)
            #expect(
                markdown.text.contains("The office is open from nine to five on weekdays. [1]")
                    || markdown.text.contains("on weekdays. [1]"))
            #expect(markdown.text.contains("- [1] handbook.md: “The office is open from nine to five on weekdays.”"), "\(markdown.text)")

            let html = try await project.caller.send(.get, thread + "/export?format=html")
            #expect(html.text.contains("When is the &lt;office&gt; open?") && !html.text.contains("<office>"))
            #expect(
                html.text.contains("<sup><a href=\"#s2-1\">1</a></sup>")
                    && html.text.contains("<li value=\"1\" id=\"s2-1\">handbook.md: <q dir=\"auto\">"))

            #expect(markdown.text.contains("purple giraffe. *(not found in the documents)*"), "never silently as fact")
            #expect(html.text.contains("purple giraffe. <span class=\"doubt\">not found in the documents</span>"))
            let chosen = try await project.caller.send(.get, thread + "/export", ["Accept": "text/html;q=0.5, application/pdf"])
            #expect(chosen.header("Content-Type") == "application/pdf" && chosen.bytes.starts(with: Array("%PDF-".utf8)))
            let printed = try await ConverterProcess("pdftotext").run(["-enc", "UTF-8", "in.pdf", "-"], files: ["in.pdf": chosen.bytes]) {
                String(decoding: try Data(contentsOf: $0.output), as: UTF8.self)
            }
            #expect(printed.contains("When is the <office> open?") && printed.contains("1/1"), "\(printed)")
            #expect(printed.contains("1. handbook.md: “The office is open from nine to five on weekdays.”"), "\(printed)")
            #expect(printed.contains("not found in the documents"))
            #expect(try await project.caller.send(.get, thread + "/export", ["Accept": "image/png"]).status == 406)

            let json = try await project.caller.send(.get, thread + "/export?format=json").json
            #expect(
                json["messages"]?.array?.last?["citations"]?.array?.first?["quote"]?.string
                    == "The office is open from nine to five on weekdays.")
            let again = try await take(json, project)
            #expect(again.status == 200 && again.json["count"]?.int == 1, "\(again.text)")
            let copied = try await messages(project, again.json["threads"]?.array?.first)
            #expect(copied.map { $0["content"] } == json["messages"]?.array?.map { $0["content"] })
            let stranger = try await Installation.on(dialect).person()
            #expect(try await stranger.caller.send(.get, thread + "/export").problem == "project.not_found")
        }

        @Test(arguments: TestDatabases.all)
        func exportsOfOthersAreTakenIn(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            func node(_ id: String, _ parent: String?, _ role: String, _ text: String, _ time: Double) -> JSONValue {
                [
                    "id": .string(id), "parent": parent.map { .string($0) } ?? .null,
                    "message": [
                        "author": ["role": .string(role)], "create_time": .double(time),
                        "content": ["content_type": "text", "parts": [.string(text)]],
                    ],
                ]
            }
            let chatGPT: JSONValue = [
                [
                    "title": "Ships", "create_time": 1_700_000_000.5, "current_node": "d",
                    "mapping": [
                        "root": ["id": "root", "parent": nil, "message": nil], "s": node("s", "root", "system", "", 1_700_000_000),
                        "a": node("a", "s", "user", "How many ships?", 1_700_000_001),
                        "b": node("b", "a", "assistant", "Seven.", 1_700_000_002),
                        "c": node("c", "a", "assistant", "Eight.", 1_700_000_003), "d": node("d", "b", "user", "Sure?", 1_700_000_004),
                    ],
                ]
            ]
            let ships = try await take(chatGPT, project)
            #expect(ships.json["threads"]?.array?.first?["created_at"]?.string == "2023-11-14T22:13:20.500Z", "\(ships.text)")
            let tree = try await messages(project, ships.json["threads"]?.array?.first)
            #expect(Set(tree.compactMap { $0["content"]?.string }) == ["How many ships?", "Seven.", "Eight.", "Sure?"])
            let id = { (text: String) in tree.first { $0["content"]?.string == text }?["id"] }
            let parent = { (text: String) in tree.first { $0["content"]?.string == text }?["parent_id"] }
            #expect(
                parent("Seven.") == id("How many ships?") && parent("Eight.") == id("How many ships?") && parent("Sure?") == id("Seven."))

            let openWebUI: JSONValue = [
                [
                    "id": "x", "title": "Harbour", "created_at": 1_700_000_000,
                    "chat": [
                        "history": [
                            "currentId": "2",
                            "messages": [
                                "1": ["id": "1", "parentId": nil, "role": "user", "content": "Is it deep?", "timestamp": 1_700_000_001],
                                "2": ["id": "2", "parentId": "1", "role": "assistant", "content": "Very.", "timestamp": 1_700_000_002],
                            ],
                        ]
                    ],
                ]
            ]
            let harbour = try await take(openWebUI, project)
            #expect(try await messages(project, harbour.json["threads"]?.array?.first).map { $0["content"] } == ["Is it deep?", "Very."])

            let nested: JSONValue = [
                "messageId": "m2", "parentMessageId": "m1", "isCreatedByUser": false, "text": "",
                "content": [["type": "text", "text": "Blue."]],
            ]
            let libreChat: JSONValue = [
                "conversationId": "c", "title": "Colours", "exportAt": "12:00", "recursive": true,
                "messages": [
                    [
                        "messageId": "m1", "parentMessageId": "0000", "isCreatedByUser": true, "text": "Which colour?",
                        "children": [nested],
                    ]
                ],
            ]
            let colours = try await take(libreChat, project)
            #expect(try await messages(project, colours.json["threads"]?.array?.first).map { $0["content"] } == ["Which colour?", "Blue."])

            func spoken(_ id: String, _ parent: String, _ role: String, _ parts: [JSONValue]) -> JSONValue {
                [
                    "id": .string(id), "parent": .string(parent),
                    "message": [
                        "author": ["role": .string(role)], "content": ["content_type": "multimodal_text", "parts": .array(parts)],
                    ],
                ]
            }
            let voice: JSONValue = [
                [
                    "title": "Voice",
                    "mapping": [
                        "r": ["id": "r", "parent": nil, "message": nil],
                        "a": spoken(
                            "a", "r", "user", [["content_type": "image_asset_pointer", "asset_pointer": "x"], "What ship is this?"]),
                        "b": spoken("b", "a", "assistant", [["content_type": "audio_transcription", "text": "A ferry."]]),
                        "c": spoken("c", "b", "user", [["content_type": "image_asset_pointer", "asset_pointer": "y"]]),
                    ],
                ],
                ["title": "Empty", "mapping": ["r": ["id": "r", "parent": nil, "message": nil]]],
            ]
            let ferry = try await take(voice, project)
            #expect(ferry.json["count"]?.int == 1 && ferry.json["skipped"]?.int == 1)
            #expect(
                try await messages(project, ferry.json["threads"]?.array?.first).map { $0["content"] } == [
                    "What ship is this?", "A ferry.", "[picture, recording or file]",
                ])
            #expect(try await take([voice.array?.last ?? .null], project).problem == "import.unknown_format", "nothing to take in is told")

            #expect(try await take(["shopping": "list"], project).problem == "import.unknown_format")
            #expect(try await take([chatGPT.array?.first ?? .null, ["shopping": "list"]], project).problem == "import.unknown_format")
            #expect(try await project.caller.send(.get, project.threads).items.count == 4, "all or none")
        }
    }
}
