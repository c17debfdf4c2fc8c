internal import COpenVINO
public import ParleyCore

/// One stateless inference request of a sentence encoder. Belongs to one thread at a time; its calls block.
public final class OpenVINOEncoder {
    private let model: OpenVINOModel
    private let handle: OpaquePointer

    /// - Throws: `inference.failed`.
    public init(_ model: OpenVINOModel) throws(ParleyError) {
        self.model = model
        do { handle = try withErrorText { openvino_encoder_open(model.handle, $0, $1) } } catch { throw ParleyError(failed: error) }
    }

    deinit { openvino_encoder_close(handle) }

    /// Runs a batch of rows and gives `body` one output and the width of its last dimension.
    /// - Parameter output: the output's number.
    /// - Throws: `inference.failed`, or what `body` throws.
    func run<T>(_ batch: TokenBatch, output: Int = 0, _ body: (UnsafeBufferPointer<Float>, _ width: Int) throws -> T) throws -> T {
        guard batch.rows > 0 else { throw ParleyError(failed: OpenVINOFailure(description: "the batch has no rows")) }
        var result = openvino_output()
        do {
            try checkErrorText {
                // fits: rows were found above 0
                let width = Int64(batch.ids.count / batch.rows)
                return openvino_encoder_run(
                    handle, Int64(batch.rows), width, batch.ids, batch.mask, batch.types, output, &result, $0, $1)
            }
        } catch { throw ParleyError(failed: error) }
        return try body(UnsafeBufferPointer(start: result.values, count: Int(result.count)), Int(result.width))
    }
}

extension ParleyError {
    init(failed cause: OpenVINOFailure) {
        self.init(.inferenceFailed, "The model failed to answer; the server's log says why.", cause: cause)
    }
}
