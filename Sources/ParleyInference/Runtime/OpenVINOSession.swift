internal import COpenVINO
public import ParleyCore

/// One sequence of a stateful causal language model; the key/value cache lives inside.
/// The cache cannot be reset or copied: a new conversation is a new session. Belongs to one thread at a time; its calls block.
public final class OpenVINOSession {
    private let model: OpenVINOModel
    private let handle: OpaquePointer

    /// - Throws: `inference.failed`.
    public init(_ model: OpenVINOModel) throws(ParleyError) {
        self.model = model
        do { handle = try withErrorText { openvino_session_open(model.handle, $0, $1) } } catch { throw ParleyError(failed: error) }
    }

    deinit { openvino_session_close(handle) }

    /// Tokens appended so far.
    public var length: Int { Int(openvino_session_length(handle)) }

    /// Appends tokens and gives `body` the logits of the last one. After an error the session cannot go on.
    /// - Parameter bucket: the first step is padded (masked, on the left) to a multiple of it, since OpenVINO keeps memory for every
    ///   distinct prompt length; 1 pads nothing.
    /// - Throws: `inference.failed`, or what `body` throws.
    public func step<T>(_ tokens: [Int64], bucket: Int = 64, _ body: (UnsafeBufferPointer<Float>) throws -> T) throws -> T {
        var logits = openvino_output()
        do {
            try checkErrorText { openvino_session_step(handle, tokens, Int64(tokens.count), Int64(bucket), &logits, $0, $1) }
        } catch { throw ParleyError(failed: error) }
        return try body(UnsafeBufferPointer(start: logits.values, count: Int(logits.count)))
    }
}
