import ParleyCore
import ParleyDatabase

extension ForeignDoor {
    /// Whether answers from this project mark in their text what the documents do not support, for clients that show nothing else.
    func marks(_ project: ProjectID) async throws -> Bool {
        try await conversations.database.read { try ChatSettingsStore().settings(of: project, in: $0).markUnsupported ?? true }
    }
}
