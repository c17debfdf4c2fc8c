internal import COpenVINO
internal import Foundation
public import ParleyCore
internal import Synchronization

extension ErrorCode {
    public static let inferenceRuntimeMissing = Self("inference.runtime_missing", .unavailable, "The inference runtime is not installed")
    public static let inferenceModelUnusable = Self("inference.model_unusable", .unavailable, "The model cannot be loaded")
    public static let inferenceFailed = Self("inference.failed", .internalFailure, "The model failed to answer")
}

/// The OpenVINO library, loaded into this process by `dlopen`, so that its absence is an ordinary error.
///
/// `@unchecked Sendable`: the handle is written once and OpenVINO's core may be used from any thread.
public final class OpenVINORuntime: @unchecked Sendable {
    /// The library's build, e.g. `2026.4.1-22982-0d6d0b4b2b4`.
    public let version: String
    let handle: OpaquePointer

    private static let opened = Mutex<[String: OpenVINORuntime]>([:])

    private init(library: String) throws {
        handle = try withErrorText { openvino_runtime_open(library, $0, $1) }
        version = String(cString: openvino_runtime_version(handle))
    }

    deinit { openvino_runtime_close(handle) }

    /// The path of the newest library in a folder; nothing is loaded.
    /// - Throws: `inference.runtime_missing`.
    static func library(in directory: String) throws(ParleyError) -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        guard let name = names.filter({ $0.hasPrefix("libopenvino_c.so") }).max() else {
            throw ParleyError(
                .inferenceRuntimeMissing,
                "There is no OpenVINO library (libopenvino_c.so) in \(directory); run `script/setup` or set inference.runtime to its folder."
            )
        }
        return directory + "/" + name
    }

    /// The runtime of a folder; the library is loaded once for the life of the process.
    /// - Parameter directory: the folder that holds `libopenvino_c.so.*`.
    /// - Throws: `inference.runtime_missing` when the folder holds no library that can be loaded.
    public static func open(directory: String) throws(ParleyError) -> OpenVINORuntime {
        let path = try library(in: directory)
        do {
            return try opened.withLock { opened in
                if let runtime = opened[path] { return runtime }
                let runtime = try OpenVINORuntime(library: path)
                opened[path] = runtime
                return runtime
            }
        } catch {
            throw ParleyError(
                .inferenceRuntimeMissing,
                "The OpenVINO library \(path) cannot be loaded; run `script/setup` to install it anew.", cause: error)
        }
    }
}

/// What OpenVINO said, kept as the cause of a `ParleyError`.
public struct OpenVINOFailure: Error, Sendable, CustomStringConvertible {
    public let description: String
}

/// Calls a shim function that answers a handle or writes an error's text.
func withErrorText(_ call: (UnsafeMutablePointer<CChar>, Int) -> OpaquePointer?) throws(OpenVINOFailure) -> OpaquePointer {
    var text = [CChar](repeating: 0, count: 1024)
    let handle = text.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.flatMap { call($0, buffer.count) } }
    guard let handle else { throw OpenVINOFailure(text) }
    return handle
}

/// Calls a shim function that answers 0 or writes an error's text.
func checkErrorText(_ call: (UnsafeMutablePointer<CChar>, Int) -> Int32) throws(OpenVINOFailure) {
    var text = [CChar](repeating: 0, count: 1024)
    let status = text.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.map { call($0, buffer.count) } ?? -1 }
    if status != 0 { throw OpenVINOFailure(text) }
}

extension OpenVINOFailure {
    fileprivate init(_ text: [CChar]) {
        description = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
