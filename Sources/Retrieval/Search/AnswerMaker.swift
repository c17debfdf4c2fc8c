import Foundation
import ParleyCore
import ParleyDatabase
import ParleyInference

/// One of the things that answers depend on beside the project's documents and settings: a model, a calibration, a limit.
public struct AnswerMaker: Sendable, Hashable, Codable {
    /// What it is, such as `embedding_model`.
    public let part: String
    /// Which one: the same text for the same one after every start, another for another.
    public let identity: String

    public init(_ part: String, _ identity: String) { (self.part, self.identity) = (part, identity) }
}

extension SearchService {
    /// What searches depend on as things stand.
    public func makers() async throws -> [AnswerMaker] {
        guard let identity = try? await model.identity.description else { return [AnswerMaker("embedding_model", "none")] }
        let calibration = try await calibration()
        return [AnswerMaker("embedding_model", identity), AnswerMaker("calibration", calibration?.identity ?? "none")]
    }
}

extension AnswerCalibration {
    fileprivate var identity: String { "\(weights) below \(threshold) and \(doubt)" }
}
