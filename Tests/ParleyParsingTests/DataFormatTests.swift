import Foundation
import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyParsing

@Suite struct DataFormatTests {
    private func outline(_ source: String, _ name: String) async throws -> [String] {
        let document = try await parse(Array(source.utf8), name)
        #expect(document.isSound)
        return document.outline
    }

    @Test func listsOfObjectsAreTables() async throws {
        let people = #"[{"name": "Anna \u00d6st", "age": 34, "town": null}, {"name": "Bert", "age": 5, "town": "K\u00f6ln"}]"#
        #expect(try await outline(people, "people.json") == ["th name | age | town\nAnna Öst | 34\nBert | 5 | Köln"])
        #expect(try await outline(people, "people") == ["th name | age | town\nAnna Öst | 34\nBert | 5 | Köln"])
        let lines = "{\"level\":\"error\",\"text\":\"pump stopped\"}\n\n{\"level\":\"info\",\"text\":\"pump started\"}\n"
        #expect(try await outline(lines, "log.jsonl") == ["th level | text\nerror | pump stopped\ninfo | pump started"])
        let long = (1...3).map { "{\"title\":\"Note \($0)\",\"body\":\"\(String(repeating: "Words of it. ", count: 30))\\nEnd.\"}" }
        let records = try await outline("[" + long.joined(separator: ",") + "]", "notes.json")
        #expect(records.count == 3 && records[1].hasPrefix("p title: Note 2\nbody: Words of it. Words") && records[1].hasSuffix("\nEnd."))
    }

    @Test func settingsStayAsTheyStand() async throws {
        let settings = "{\n  \"server\": {\n    \"port\": 8080,\n    \"hosts\": [\"a\", \"b\"]\n  },\n  \"name\": \"Gr\\u00fcn \\u0007\"\n}"
        #expect(try await outline(settings, "a.json") == ["code " + settings.replacing("\\u00fc", with: "ü")])
        #expect(try await outline("{\"a\": 1, // note\n \"b\": [}", "a.json") == ["code {\"a\": 1, // note\n \"b\": [}"])
    }

    @Test func whatIsOneLineIsPutOnLines() async throws {
        let inner = (1...12).map { "\"key\($0)\":{\"text\":\"value \($0) of it\",\"list\":[1,2,[]],\"none\":{}}" }.joined(separator: ",")
        let read = try await outline("{" + inner + "}", "a.json").joined(separator: "\n")
        #expect(
            read.contains(
                "  \"key3\": {\n    \"text\": \"value 3 of it\",\n    \"list\": [\n      1,\n      2,\n      []\n    ],\n    \"none\": {}\n  },"
            ))
        // What a JSON reader finds in it is what it found before.
        let bare = Array("{\(inner),\"numbers\":[1,2.5,-3e4],\"text\":\"a b\"}".utf8)
        let again = try JSONText(bare).parts.joined(separator: "\n")
        #expect(try JSONValue(parsing: Array(again.utf8)) == JSONValue(parsing: bare))
        #expect(again.contains("\"numbers\": [1, 2.5, -3e4]"))
    }

    @Test func xmlIsTextOrData() async throws {
        let article = """
            <?xml version="1.0" encoding="utf-8"?><!DOCTYPE article [<!ENTITY a "b">]><article><front><title>On pumps</title></front><sec><title>Pressure</title>
            <p>The pump in hall 3 holds a <b>pressure</b> of five bar, and stops at seven &amp; more &#8211; always, as everybody knows who has seen it.</p>
            <p><i>Valves</i> open at six bar, which is written on each of them in white letters that can be read from the door of the hall.</p></sec></article>
            """
        #expect(
            try await outline(article, "a.xml") == [
                "h1 On pumps", "h1 Pressure",
                "p The pump in hall 3 holds a pressure of five bar, and stops at seven & more – always, as everybody knows who has seen it.",
                "p Valves open at six bar, which is written on each of them in white letters that can be read from the door of the hall.",
            ])
        let data =
            "<shop xmlns=\"urn:x\"><item id=\"1\"><name>Oak board</name><price cur=\"EUR\">4.50</price></item><item id=\"2\"><name><![CDATA[A & B]]></name><none/></item></shop>"
        #expect(
            try await outline(data, "shop.xml") == [
                "p shop", "p item (id: 1)\nname: Oak board\nprice (cur: EUR): 4.50", "p item (id: 2)\nname: A & B\nnone",
            ])
        let settings = "<config>\n  <!-- why -->\n  <port>80</port>\n</config>"
        #expect(try await outline(settings, "a.xml") == ["code " + settings])
    }

    @Test(arguments: [
        ("a.yaml", "server:\n  port: 8080  # open\n  hosts:\n    - a\n    - b\nnotes: |\n  Two\n  lines"),
        ("a.toml", "[server]\nport = 8080\nhosts = [\"a\", \"b\"]"), ("a.ini", "; note\n[server]\nport=8080"),
        ("a.rs", "fn main() {\n    println!(\"a\");\n}"), ("a.hs", "main :: IO ()\nmain = do\n  print 1"),
        ("Makefile", "all:\n\tcc a.c\n\tcc b.c"),
        ("CMakeLists.txt", "project(a)\nadd_executable(a\n    main.c)"), ("a.zig", "pub fn main() void {\n    return;\n}"),
    ]) func codeAndSettingsKeepTheirLines(name: String, source: String) async throws {
        #expect(try await outline(source, name) == ["code " + source])
    }

    @Test func subtitlesAreJoined() async throws {
        let srt = """
            1
            00:00:01,000 --> 00:00:03,500
            <i>The harbour office</i>

            2
            00:00:03,600 --> 00:00:05,000 X1:10
            {\\an8}opens at nine.
            It closes at five.

            3
            01:02:03,000 --> 01:02:04,000
            Later.
            """
        let expected = ["p [00:00:01] The harbour office opens at nine. It closes at five.", "p [01:02:03] Later."]
        #expect(try await outline(srt, "a.srt") == expected)
        #expect(try await outline(srt, "film.txt") == expected)
        let vtt =
            "WEBVTT - talk\n\nNOTE a note\n\nSTYLE\n::cue { }\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v Anna>Is 3 < 5?\n\n00:02.000 --> 00:03.000\nIs 3 < 5?\n<v.loud Bert>Yes<00:02.500><c> it is</c>.\n"
        #expect(try await outline(vtt, "a.vtt") == ["p [00:00:01] Anna: Is 3 < 5? Is 3 < 5? Bert: Yes it is."])
        #expect(try await outline("00:00:01 started\n00:00:02 ended", "a.log") == ["p 00:00:01 started\n00:00:02 ended"])
    }

    @Test func notebooksHaveCellsAndOutputs() async throws {
        let notebook = #"""
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {"title": "Pumps"}, "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": ["# Data\n", "\n", "Read **all**."]},
            {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": "def f():\n    return 1\n\nf()", "outputs": [
              {"output_type": "stream", "name": "stdout", "text": ["one\n", "\u001b[31mtwo\u001b[0m\n"]},
              {"output_type": "execute_result", "metadata": {}, "execution_count": 1, "data": {"text/plain": "  a\n0 1", "text/html": "<table><tr><th>a<th>b<tr><td>1<td>2</table>"}},
              {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"}},
              {"output_type": "error", "ename": "ValueError", "evalue": "no pump", "traceback": ["\u001b[0m"]}]},
            {"cell_type": "raw", "metadata": {}, "source": "As it is."}]}
            """#
        let document = try await parse(Array(notebook.utf8), "a.ipynb")
        #expect(document.isSound && document.title == "Pumps")
        #expect(
            document.outline == [
                "h1 Data", "p Read all.", "code def f():\n    return 1\n\nf()", "code one\ntwo", "th a | b\n1 | 2", "code <Figure>",
                "code ValueError: no pump", "p As it is.",
            ])
        #expect(document.warnings == ["Pictures in the notebook were left out: 1."])
        #expect(try await parse(Array("{\"cells\": [".utf8), "a.ipynb").warnings.first?.hasPrefix("The notebook is no JSON") == true)
    }

    @Test(.enabled(if: ConverterProcess.isInstalled("python3"))) func agreesWithAnotherReader() async throws {
        let script = """
            import json, random
            random.seed(3)
            def value(depth):
                kind = random.randrange(7 if depth < 6 else 4)
                if kind == 0: return random.choice([None, True, False])
                if kind == 1: return random.randrange(-10**12, 10**12)
                if kind == 2: return random.random() * 10 ** random.randrange(-20, 20)
                if kind == 3: return "".join(random.choice("aé日🦆z {}[]:,") for _ in range(random.randrange(12)))
                if kind == 4: return [value(depth + 1) for _ in range(random.randrange(5))]
                return {f"k{n}": value(depth + 1) for n in range(random.randrange(5))}
            print(json.dumps([value(0) for _ in range(300)]))
            """
        let texts = try await ConverterProcess("python3").run(["-c", script]) { [UInt8](try Data(contentsOf: $0.output)) }
        let values = try #require(try JSONValue(parsing: texts).array)
        let joined = try JSONText(texts).parts.joined(separator: "\n")
        #expect(try JSONValue(parsing: Array(joined.utf8)).array == values)
    }

    @Test(.timeLimit(.minutes(1))) func hostileData() async throws {
        for piece in ["[", "{\"a\":", "\"", "\\u", "[1,", "{\"a\":1,", "{\"a\":[", "[{\"a\":1},"] {
            let long = String(repeating: piece, count: 30_000)
            for name in ["a.json", "a.jsonl", "a.ipynb"] { #expect(try await parse(Array(("{\"x\":1, \"y\":" + long).utf8), name).isSound) }
        }
        let wide = "[" + (0..<3000).map { "{\"k\($0)\":1}" }.joined(separator: ",") + "]"
        #expect(try await parse(Array(wide.utf8), "a.json").length < 200_000)
        for piece in ["<a>", "<a>x", "</a>", "<a b='c'>", "<title>", "<![CDATA["] {
            #expect(try await parse(Array(("<r>start" + String(repeating: piece, count: 30_000)).utf8), "a.xml").isSound, "\(piece)")
        }
        for piece in ["00:00:01,000 --> 00:00:02,000\n", "99999999999999999999:00 --> 1:1\n", "<v ", "{\\", "-->"] {
            let source = "WEBVTT\n\n00:00.000 --> 00:01.000\nx\n" + String(repeating: piece, count: 20_000)
            #expect(try await parse(Array(source.utf8), "a.vtt").isSound)
        }
    }

    @Test func randomChangesNeverTrap() async throws {
        var random = Mulberry(seed: 9)
        let seeds: [(String, String)] = [
            ("a.json", #"[{"a":"\u00fc\ud83e\udd86\n","b":[1,{"c":null}]},{"a":-1.5e3}]"#), ("a.jsonl", "{\"a\":1}\n{\"a\":\"x\"}\n"),
            ("a.xml", "<?xml version='1.0'?><a b='c'><d>Text &amp; more</d><e/><![CDATA[x]]></a>"),
            ("a.srt", "1\n00:00:01,000 --> 00:00:03,500\n<i>Text</i>\n\n2\n00:00:04,000 --> 00:00:05,500\n{\\an8}- More\n"),
            (
                "a.ipynb",
                ##"{"nbformat":4,"cells":[{"cell_type":"code","source":["a"],"outputs":[{"text":["b"]}]},{"cell_type":"markdown","source":"# c"}]}"##
            ),
        ]
        for round in 0..<2500 {
            let (name, source) = seeds[round % seeds.count]
            do { #expect(try await parse(random.mutated(Array(source.utf8)), name).isSound) } catch let refusal as ParleyError {
                #expect(!refusal.code.isFault, "\(refusal)")
            }
        }
    }
}
