/// A language model server that answers on this machine.
public struct FoundModelServer: Sendable, Hashable {
    /// The programs that are known.
    public enum Program: String, Sendable, CaseIterable {
        case ollama
        case lmStudio = "lm_studio"
        case llamaCPP = "llama_cpp"
        case vLLM = "vllm"
        /// Something else that speaks OpenAI's protocol.
        case other
    }

    /// One of its models.
    public struct Model: Sendable, Hashable {
        public let name: String
        /// Tokens of prompt and answer together; nil where the server does not tell.
        public let contextWindow: Int?

        public init(name: String, contextWindow: Int?) { (self.name, self.contextWindow) = (name, contextWindow) }
    }

    public let program: Program
    /// As a model's address is given.
    public let url: String
    public let dialect: ChatDialect
    public let models: [Model]

    public init(program: Program, url: String, dialect: ChatDialect, models: [Model]) {
        (self.program, self.url, self.dialect, self.models) = (program, url, dialect, models)
    }
}
