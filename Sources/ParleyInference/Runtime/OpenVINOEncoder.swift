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

    /// Runs a batch of rows of equal length and gives `body` one output and the width of its last dimension.
    /// - Parameters:
    ///   - ids: the rows one after another, padded; `mask` has as many numbers.
    ///   - rows: how many rows; `ids.count` is a multiple of it.
    ///   - output: the output's number.
    /// - Throws: `inference.failed`, or what `body` throws.
    public func run<T>(
        ids: [Int64], mask: [Int64], rows: Int, output: Int = 0, _ body: (UnsafeBufferPointer<Float>, _ width: Int) throws -> T
    ) throws -> T {
        guard rows > 0, ids.count == mask.count, ids.count % rows == 0 else {  // fits: rows were found above 0
            throw ParleyError(failed: OpenVINOFailure(description: "the batch's rows differ in length"))
        }
        let types = [Int64](repeating: 0, count: ids.count)
        var result = openvino_output()
        do {
            try checkErrorText {
                // fits: rows were found above 0
                openvino_encoder_run(handle, Int64(rows), Int64(ids.count / rows), ids, mask, types, output, &result, $0, $1)
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
