import ServiceLifecycle

/// A service that is described by its type alone: the group that runs it would list all that it holds, which takes longer than to start it.
struct NamedService: Service, CustomStringConvertible {
    let description: String
    private let service: any Service

    init(_ service: any Service) {
        self.service = service
        description = String(describing: type(of: service))
    }

    func run() async throws { try await service.run() }
}
