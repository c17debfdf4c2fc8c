// An endpoint names a permission of its kind, or says that it is open.
import ParleyAuthority
import ParleyCore
import ParleyHTTP

private let tag = EndpointTag("Refused", "What the compiler refuses.")
private let none = Schema<NoBody>.nothing()
private let at = "/v1/projects/{project}/refused"

func endpoints() {
    _ = Endpoint.open(.get, path: at, id: "a", tag: tag, summary: "", output: none) { _ in .noContent }
    _ = Endpoint.installation(.accountRead, .get, path: at, id: "b", tag: tag, summary: "", output: none) { _, _ in .noContent }
    _ = Endpoint.project(.documentsRead, .get, path: at, id: "c", tag: tag, summary: "", output: none) { _, _ in .noContent }
    // refused: missing
    _ = Endpoint.installation(.get, path: at, id: "d", tag: tag, summary: "", output: none) { _, _ in .noContent }
    // refused: missing
    _ = Endpoint.project(.get, path: at, id: "e", tag: tag, summary: "", output: none) { _, _ in .noContent }
    // refused: signedIn
    _ = Endpoint.signedIn(.get, path: at, id: "f", tag: tag, summary: "", output: none) { _, _ in .noContent }
    // refused: no member
    _ = Endpoint.project(.modelsUse, .get, path: at, id: "g", tag: tag, summary: "", output: none) { _, _ in .noContent }
}
