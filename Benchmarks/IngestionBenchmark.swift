import Foundation
import ParleyInference

extension Suite {
    /// Ingestion by the whole product, from the first upload until everything can be found, against embedding alone: by the same
    /// runtime in this process, and by Python's onnxruntime. Each takes its turn on the same texts.
    /// - Returns: how many documents were put in.
    mutating func measureIngestion(
        _ server: ParleyServer, _ project: String, _ model: OpenVINOEmbeddingModel, _ report: inout Report
    ) async throws -> Int {
        let python = try PythonEmbedder(options)
        var (product, alone, other): ([Double], [Double], [Double]) = ([], [], [])
        _ = try await model.embed(texts.questions(20), priority: .ingestion)
        let (rounds, count) = (5, 300)
        for _ in 0..<rounds {
            let part = texts.next(count)
            alone.append(Double(count) / (try await secondsAwaiting { _ = try await model.embed(part, priority: .ingestion) }))
            product.append(Double(count) / (try await secondsAwaiting { try await blocking { try server.ingest(part, into: project) } }))
            other.append(Double(count) / (try python.embed(part)))
            tell(
                "ingestion \(figure(product.last ?? 0)), embedding alone \(figure(alone.last ?? 0)), Python \(figure(other.last ?? 0)) documents/s"
            )
        }
        let tokens = texts.next(20).map { Double(model.tokenCount($0)) }.median
        report.add(Line("ingestion", product.median, "documents/s", .none, "whole product over HTTP, \(figure(tokens)) tokens each"))
        let toAlone = zip(product, alone).map { $0 / $1 }
        let toOther = zip(product, other).map { $0 / $1 }
        report.add(
            Line("ingestion : embedding alone", toAlone.median, "", .atLeast(0.9), "alone \(figure(alone.median)) documents/s"))
        report.add(
            Line("ingestion : Python onnxruntime", toOther.median, "", .atLeast(2), "Python \(figure(other.median)) documents/s"))
        return rounds * count
    }
}

/// A Python process that embeds with onnxruntime.
final class PythonEmbedder {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ options: Options) throws {
        process.executableURL = URL(filePath: options.python)
        process.arguments = [options.scripts + "/embed.py", options.embeddingModel]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        _ = try embed(["Warm up."])
    }

    deinit { try? input.fileHandleForWriting.close() }

    /// Seconds that it took.
    func embed(_ texts: [String]) throws -> Double {
        try input.fileHandleForWriting.write(contentsOf: try JSONEncoder().encode(texts) + Data("\n".utf8))
        var answer: [UInt8] = []
        while answer.last != 10 {
            var byte: UInt8 = 0
            let count = read(output.fileHandleForReading.fileDescriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { break }
            answer.append(byte)
        }
        guard let seconds = Double(String(decoding: answer.dropLast(), as: UTF8.self)) else {
            throw Failure("Python's onnxruntime does not work: \(String(decoding: answer, as: UTF8.self))")
        }
        return seconds
    }
}
