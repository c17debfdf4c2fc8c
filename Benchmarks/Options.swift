import Foundation

/// What to measure and with what: `--name value` for each.
struct Options: Sendable {
    /// The release binary of the product.
    let binary: String
    /// Folder of the models and the runtime, as set-up makes it.
    let home: String
    /// A Python with onnxruntime, tokenizers and xllamacpp.
    let python: String
    /// The scripts that Python runs.
    let scripts: String
    /// The language model for llama.cpp.
    let gguf: String
    /// A `corpus.jsonl` to take texts from; empty for made-up ones.
    let corpus: String
    let documents: Int
    /// Names of the groups to measure; empty for all.
    let only: Set<String>

    init(_ arguments: ArraySlice<String>) throws {
        var values: [String: String] = [:]
        var rest = arguments
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), let value = rest.popFirst() else { throw Failure("\(name) is no option with a value.") }
            values[String(name.dropFirst(2))] = value
        }
        func value(_ name: String) throws -> String {
            guard let value = values[name] else { throw Failure("--\(name) is missing; start me by Benchmarks/run.") }
            return value
        }
        binary = try value("binary")
        home = try value("home")
        python = try value("python")
        scripts = try value("scripts")
        gguf = try value("gguf")
        corpus = values["corpus"] ?? ""
        documents = values["documents"].flatMap(Int.init) ?? 5000
        only = Set((values["only"] ?? "").split(separator: ",").map(String.init))
    }

    var embeddingModel: String { home + "/models/all-MiniLM-L6-v2" }
    var languageModel: String { home + "/models/SmolLM2-135M-Instruct" }
    var runtime: String { home + "/runtime/openvino" }

    func isWanted(_ group: String) -> Bool { only.isEmpty || only.contains(group) }
}
