internal import COpenVINO
public import ParleyCore

/// A model compiled for the CPU; may be shared by encoders and sessions on several threads.
///
/// `@unchecked Sendable`: the handle is written once and a compiled model is thread-safe.
public final class OpenVINOModel: @unchecked Sendable {
    public let runtime: OpenVINORuntime
    let handle: OpaquePointer

    /// Reads and compiles a model.
    /// - Parameters:
    ///   - path: an `.onnx` file, or an `.xml` file with its `.bin` beside it.
    ///   - properties: OpenVINO's, e.g. `INFERENCE_NUM_THREADS`; at most 16.
    /// - Throws: `inference.model_unusable`.
    public init(_ runtime: OpenVINORuntime, path: String, properties: KeyValuePairs<String, String> = [:]) throws(ParleyError) {
        self.runtime = runtime
        do {
            handle = try withCStrings(properties.flatMap { [$0.key, $0.value] }) { list throws(OpenVINOFailure) in
                try withErrorText { openvino_model_open(runtime.handle, path, list, $0, $1) }
            }
        } catch {
            throw ParleyError(
                .inferenceModelUnusable,
                "The model \(path) cannot be loaded; check that the file is complete and of a kind OpenVINO reads.",
                cause: error)
        }
    }

    deinit { openvino_model_close(handle) }

    /// True when the model has an input of this name.
    public func hasInput(_ name: String) -> Bool { openvino_model_has_input(handle, name) == 1 }
}

/// Calls `body` with a NULL-terminated list of C strings that live as long as the call.
private func withCStrings<T>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) throws(OpenVINOFailure) -> T
) throws(OpenVINOFailure) -> T {
    let bytes = strings.flatMap { $0.utf8CString }
    let storage = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count + 1)
    defer { storage.deallocate() }
    _ = storage.initialize(from: bytes + [0])
    var list: [UnsafePointer<CChar>?] = []
    var offset = 0
    for string in strings {
        list.append(storage.baseAddress.map { UnsafePointer($0 + offset) })
        offset += string.utf8.count + 1
    }
    list.append(nil)
    let pointers = UnsafeMutableBufferPointer<UnsafePointer<CChar>?>.allocate(capacity: list.count)
    defer { pointers.deallocate() }
    _ = pointers.initialize(from: list)
    return try body(pointers.baseAddress.map { UnsafePointer($0) })
}
