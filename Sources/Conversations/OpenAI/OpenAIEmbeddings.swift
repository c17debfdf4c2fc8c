import Foundation
import ParleyCore
import ParleyHTTP
import ParleyInference

/// The body of a request for embeddings.
struct EmbeddingsInput: Sendable {
    let model: String
    let input: JSONValue
    let isBase64: Bool
    let dimensions: Int?
    private static let most = 256

    /// - Throws: `input.invalid`.
    func texts() throws -> [String] {
        if let text = input.string, !text.isEmpty { return [text] }
        let texts = (input.array ?? []).compactMap(\.string)
        guard !texts.isEmpty, texts.count == input.array?.count, texts.count <= Self.most, !texts.contains("") else {
            throw ParleyError(
                .invalidInput, "The input is not valid.",
                fields: [FieldError("/input", "must be a text or a list of at most \(Self.most) texts, none empty")])
        }
        return texts
    }

    static let schema: Schema<EmbeddingsInput> = .object(
        "OpenAIEmbeddings", "Texts to embed, as OpenAI's protocol has it; fields beyond these are passed over.",
        .field("model", \.model, .string(1...300), "The installation's embedding model, or any project."),
        .field("input", \.input, .json(), "A text or a list of texts."),
        .field("encoding_format", { @Sendable in $0.isBase64 ? "base64" : "float" }, .defaulted(.string(), to: "float")),
        .field("dimensions", \.dimensions, .optional(.int(1...100_000)), "Must be the model's own."),
        ignoresUnknown: true,
        example: EmbeddingsInput(model: "all-MiniLM-L6-v2", input: "office hours", isBase64: false, dimensions: nil)
    ) { EmbeddingsInput(model: $0, input: $1, isBase64: $2 == "base64", dimensions: $3) }
}

/// Embeddings as OpenAI's protocol has them.
struct EmbeddingsOutput {
    let json: JSONValue

    /// - Parameter tokens: of all texts.
    init(_ vectors: [[Float]], model: String, tokens: Int, isBase64: Bool) {
        let data = vectors.enumerated().map { index, vector -> JSONValue in
            let embedding: JSONValue = isBase64 ? .string(Self.base64(vector)) : .array(vector.map { .double(Double($0)) })
            return ["object": "embedding", "index": .int(Int64(index)), "embedding": embedding]
        }
        json = [
            "object": "list", "data": .array(data), "model": .string(model),
            "usage": ["prompt_tokens": .int(Int64(tokens)), "total_tokens": .int(Int64(tokens))],
        ]
    }

    /// The figures' four bytes each, the lowest first.
    private static func base64(_ vector: [Float]) -> String {
        var bytes = Data(capacity: vector.count * 4)
        for figure in vector { withUnsafeBytes(of: figure.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes.base64EncodedString()
    }
}
