import HTTPTypes
public import ParleyCore

/// All versions of the API, oldest first.
public struct VersionHistory: Sendable {
    public let versions: [APIVersion]

    public init(_ versions: [APIVersion]) { self.versions = versions.sorted { $0.date < $1.date } }

    /// What this product has published.
    public static let published = VersionHistory([APIVersion("2026-11-23", "The first version")])

    /// What a client gets that names no version: the first one, so that it never changes under a client that knows of no versions.
    public var standard: String { versions.first?.date ?? "" }
    public var newest: String { versions.last?.date ?? "" }

    /// The version that the request asks for.
    /// - Throws: `version.unknown`.
    func version(_ headers: HTTPFields) throws -> String {
        guard let asked = headers[.parleyVersion]?.trimmingSpaces else { return standard }
        guard versions.contains(where: { $0.date == asked }) else {
            let known = versions.map(\.date).joined(separator: ", ")
            throw ParleyError(.unknownVersion, "There is no version \(asked) of the API. Parley-Version may be \(known).")
        }
        return asked
    }

    /// What changed after the version for the endpoint, oldest first.
    func changes(after version: String, for endpoint: String) -> [APIChange] {
        versions.filter { $0.date > version }.flatMap(\.changes).filter { $0.endpoints.contains(endpoint) }
    }
}

extension ErrorCode {
    public static let unknownVersion = Self("version.unknown", .invalid, "There is no such version of the API")
}

extension HTTPField.Name {
    static let parleyVersion = parsed("Parley-Version")
    static let deprecation = parsed("Deprecation")
    static let sunset = parsed("Sunset")
    static let link = parsed("Link")
}
