import ParleyCore

extension EndpointRequest {
    /// The media type of these that the caller likes best, by its `Accept` header; the first one when it does not say.
    /// - Throws: `request.not_acceptable` when it takes none of them.
    public func preferred(of types: [String]) throws -> String? {
        guard let accept = header("Accept") else { return types.first }
        let list = QualityList(accept)
        let best = types.map { ($0, list.quality(ofMediaType: $0)) }.reduce(into: (String, Double)?.none) { best, next in
            if next.1 > best?.1 ?? 0 { best = next }
        }
        if let best { return best.0 }
        throw ParleyError(
            .notAcceptable, "This endpoint answers \(types.joined(separator: ", ")), which the Accept header does not allow.")
    }
}
