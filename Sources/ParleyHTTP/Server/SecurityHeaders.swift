import HTTPTypes
import Hummingbird

/// The headers that stand on every answer.
struct SecurityHeaders: Sendable {
    private let fields: HTTPFields

    /// - Parameter isSecure: whether the public address is https; only then is a browser told to use nothing else.
    init(isSecure: Bool) {
        var fields: HTTPFields = [
            .contentSecurityPolicy:
                "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            .xContentTypeOptions: "nosniff",
            .referrerPolicy: "no-referrer",
            .openerPolicy: "same-origin",
            .resourcePolicy: "same-origin",
            .permissionsPolicy: "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ]
        if isSecure { fields[.strictTransportSecurity] = "max-age=31536000; includeSubDomains" }
        self.fields = fields
    }

    func apply(to response: inout Response) {
        for field in fields where response.headers[field.name] == nil { response.headers.append(field) }
    }
}
