import ParleyAuthority
import ParleyDatabase

extension ForeignDoor {
    /// Whether answers from the project mark in their text what the documents do not support, for clients that show nothing else.
    func marks(_ scope: ProjectScope<ThreadsUse>) async throws -> Bool {
        try await conversations.database.read { try ChatSettingsStore().settings(of: scope.project, in: $0).markUnsupported ?? true }
    }
}
