import ParleyAuthority
import ParleyCore
import ParleyTesting
import Testing

@Suite struct PermissionTests {
    private static let onInstallation: [any InstallationPermission.Type] = [
        UsersManage.self, OperationsRead.self, AccountRead.self, KeysManage.self, InvitationsAnswer.self,
        BulkJobsUse.self,
        ProtocolsUse.self, ProjectsList.self, ProjectsCreate.self, ModelsRead.self, ModelsUse.self, ModelsManage.self,
    ]
    private static let onProject: [any ProjectPermission.Type] = [
        ProjectRead.self, ProjectManage.self, DocumentsRead.self, DocumentsWrite.self, Search.self, ThreadsUse.self, EvaluationsUse.self,
    ]

    private let user = UserID(at: Timestamp(milliseconds: 1))
    private let project = ProjectID(at: Timestamp(milliseconds: 1))

    @Test func eachHasOneTypeOfItsKind() {
        let (installation, project) = (Self.onInstallation.map { $0.permission }, Self.onProject.map { $0.permission })
        #expect(installation.count + project.count == Permission.allCases.count)
        #expect(Set(installation + project) == Set(Permission.allCases))
        #expect(!installation.contains { $0.isForProject } && project.allSatisfy { $0.isForProject })
    }

    /// Who holds a permission holds what it includes, in whatever role.
    @Test func rolesAllowWhatIsIncluded() {
        expectIncluded(\ProjectScope<DocumentsWrite>.documentsRead)
        expectIncluded(\ProjectScope<ThreadsUse>.documentsRead)
        expectIncluded(\ProjectScope<ThreadsUse>.search)
        expectIncluded(\ProjectScope<EvaluationsUse>.search)
        expectIncluded(\ProjectScope<EvaluationsUse>.projectRead)
        expectIncluded(\ProjectScope<EvaluationsUse>.threadsUse)
        expectIncluded(\ProjectScope<ProjectManage>.projectRead)
        expectIncluded(\ProjectScope<ProjectManage>.evaluationsUse)
    }

    private func expectIncluded<Held, Included>(_: KeyPath<ProjectScope<Held>, ProjectScope<Included>>) {
        for role in ProjectRole.allCases where role.permissions.contains(Held.permission) {
            #expect(role.permissions.contains(Included.permission), "\(role): \(Held.permission) without \(Included.permission)")
        }
        for role in Role.allCases {
            for member in ProjectRole.allCases where role.permissions(as: member).contains(Held.permission) {
                #expect(role.permissions(as: member).contains(Included.permission), "\(role) as \(member)")
            }
        }
    }

    @Test(arguments: Permission.allCases.filter { !$0.isForProject })
    func keysAreBounded(_ permission: Permission) throws {
        let authorizer = Authorizer.test(Everywhere())
        let (person, key) = (Principal.test(user, role: .admin), KeyID(at: Timestamp(milliseconds: 1)))
        try authorizer.require(permission, of: person)
        let byKey = code { try authorizer.require(permission, of: .test(user, role: .admin, key: key)) }
        #expect(byKey == (permission.isForPeopleAlone ? .notByKey : nil))
        let bound = code { try authorizer.require(permission, of: .test(user, role: .admin, key: key, project: project)) }
        let open: [Permission] = [.accountRead, .bulkJobsUse, .protocolsUse, .projectsList, .modelsRead]
        #expect(bound == (permission.isForPeopleAlone ? .notByKey : open.contains(permission) ? nil : .forbidden))
    }

    private func code(_ body: () throws -> Void) -> ErrorCode? {
        do { try body() } catch { return (error as? ParleyError)?.code ?? .internal }
        return nil
    }

    private struct Everywhere: MembershipSource {
        func projectRole(of user: UserID, in project: ProjectID) async throws -> ProjectRole? { .owner }
        func projectExists(_ project: ProjectID) async throws -> Bool { true }
    }
}
