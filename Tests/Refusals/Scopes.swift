// A service call demands a scope of the permission that it needs.
import Accounts
import Conversations
import Library
import ParleyAuthority
import ParleyCore
import Retrieval

func documents(
    _ service: DocumentService, _ id: DocumentID, _ read: ProjectScope<DocumentsRead>, _ write: ProjectScope<DocumentsWrite>
) async throws {
    _ = try await service.document(id, read)
    try await service.delete(id, write)
    _ = try await service.document(id, write.documentsRead)
    // refused: cannot convert value of type 'ProjectScope<DocumentsRead>'
    try await service.delete(id, read)
    // refused: cannot convert value of type 'ProjectScope<DocumentsWrite>'
    _ = try await service.document(id, write)
    // refused: cannot convert value of type
    _ = try await service.count(id)
    // refused: has no member 'documentsWrite'
    _ = read.documentsWrite
}

func search(_ service: SearchService, _ asking: ProjectScope<ThreadsUse>, _ reading: ProjectScope<DocumentsRead>) async throws {
    _ = try await service.search(SearchRequest(query: "?"), asking.search)
    // refused: cannot convert value of type 'ProjectScope<DocumentsRead>'
    _ = try await service.search(SearchRequest(query: "?"), reading)
    // refused: cannot convert value of type
    _ = try await service.search(SearchRequest(query: "?"), asking.project)
}

func accounts(_ service: AccountService, _ id: UserID, _ manage: Scope<UsersManage>, _ own: Scope<AccountRead>) async throws {
    _ = try await service.user(id, manage)
    _ = try await service.me(own)
    // refused: cannot convert value of type 'Scope<AccountRead>'
    _ = try await service.user(id, own)
    // refused: cannot convert value of type 'Principal'
    _ = try await service.user(id, own.principal)
}
