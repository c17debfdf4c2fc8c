import Accounts
import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    @Suite struct InvitationTests {
        private func invite(_ project: ProjectFolder, _ email: String, _ role: String = "editor") async throws -> Answer {
            try await project.caller.send(
                .post, project.path + "/invitations", json: ["email": .string(email), "role": .string(role)])
        }

        @Test(arguments: TestDatabases.all) func whoIsInvitedBecomesAMemberByAccepting(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            let guest = try await installation.person()
            let made = try await invite(project, "  " + guest.user.email.uppercased() + " ")
            #expect(made.status == 201 && made.json["email"]?.string == guest.user.email, "\(made.text)")
            #expect(try await guest.caller.send(.get, project.path).status == 404, "not before it is accepted")
            let own = try await guest.caller.send(.get, "/v1/me/invitations")
            #expect(own.items.first?["project_name"]?.string == "Handbook" && own.items.count == 1)
            let path = "/v1/me/invitations/\(own.items.first?["id"]?.string ?? "")"
            let stranger = try await installation.person()
            #expect(try await stranger.caller.send(.post, path + "/accept").problem == "invitation.not_found")
            let accepted = try await guest.caller.send(.post, path + "/accept")
            #expect(accepted.status == 200 && accepted.json["role"]?.string == "editor", "\(accepted.text)")
            #expect(try await guest.caller.send(.get, project.path).status == 200)
            #expect(try await guest.caller.send(.post, path + "/accept").problem == "invitation.not_found")
            #expect(try await project.caller.send(.get, project.path + "/invitations").items.isEmpty)
        }

        @Test(arguments: TestDatabases.all) func nothingTellsWhoHasAnAccount(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            let guest = try await installation.person()
            let (known, unknown) = (try await invite(project, guest.user.email), try await invite(project, "nobody-\(UUID())@example.com"))
            #expect(known.status == unknown.status && known.json.object?.keys.sorted() == unknown.json.object?.keys.sorted())
            let path = "/v1/me/invitations/\(known.json["id"]?.string ?? "")"
            #expect(try await guest.caller.send(.post, path + "/decline").status == 204)
            #expect(try await guest.caller.send(.get, "/v1/me/invitations").items.isEmpty)
            #expect(try await guest.caller.send(.post, path + "/accept").problem == "invitation.not_found")
            let list = try await project.caller.send(.get, project.path + "/invitations")
            #expect(list.items.count == 2, "a declined invitation looks like one that waits")
            let again = try await invite(project, guest.user.email, "viewer")
            #expect(again.json["id"] == known.json["id"] && again.json["role"]?.string == "viewer", "\(again.text)")
            for id in list.ids {
                #expect(try await project.caller.send(.delete, project.path + "/invitations/\(id)", ["If-Match": "*"]).status == 204)
            }
            #expect(try await project.caller.send(.get, project.path + "/invitations").items.isEmpty)
        }

        @Test(arguments: TestDatabases.all) func onlyOwnersInvite(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            let editor = try await installation.person()
            try await installation.join(project.id, editor, as: .editor)
            #expect(try await invite(editor.sees(project), "grace@example.com").status == 403)
            #expect(try await editor.caller.send(.get, project.path + "/invitations").status == 403)
            #expect(try await invite(project, "no address").problem == "input.invalid")
            let key = try await editor.caller.send(.post, "/v1/me/keys", json: ["name": "Program"])
            let program = Caller(base: installation.base, token: key.json["secret"]?.string ?? "")
            #expect(try await program.send(.get, "/v1/me/invitations").status == 403)
            // Who is a member keeps their role.
            let made = try await invite(project, editor.user.email, "viewer")
            let path = "/v1/me/invitations/\(made.json["id"]?.string ?? "")/accept"
            #expect(try await editor.caller.send(.post, path).json["role"]?.string == "editor")
        }

        /// What takes an inviter's right to invite away, for good.
        enum Loss: CaseIterable {
            case removed, demoted, disabled, restricted
        }

        private func take(_ loss: Loss, from person: Person, in project: ProjectID, _ installation: Installation) async throws {
            let (member, user) = ("/v1/projects/\(project)/members/\(person.user.id)", "/v1/users/\(person.user.id)")
            let admin = installation.admin.caller
            let answers =
                switch loss {
                case .removed: [try await admin.send(.delete, member), try await admin.send(.put, member, json: ["role": "owner"])]
                case .demoted:
                    [
                        try await admin.send(.put, member, json: ["role": "editor"]),
                        try await admin.send(.put, member, json: ["role": "owner"]),
                    ]
                case .disabled:
                    [
                        try await admin.send(.patch, user, json: ["disabled": true]),
                        try await admin.send(.patch, user, json: ["disabled": false]),
                    ]
                case .restricted:
                    [
                        try await admin.send(.patch, user, json: ["role": "viewer"]),
                        try await admin.send(.patch, user, json: ["role": "user"]),
                    ]
                }
            #expect(answers.allSatisfy { (200..<300).contains($0.status) }, "\(answers.map(\.text))")
        }

        @Test(arguments: TestDatabases.all, Loss.allCases)
        func anInvitationEndsWithItsInvitersRightToInvite(_ dialect: Dialect, _ loss: Loss) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.admin.project()
            let (owner, guest) = (try await installation.person(), try await installation.person())
            try await installation.join(project.id, owner, as: .owner)
            let made = try await invite(owner.sees(project), guest.user.email)
            let kept = try await invite(project, "kept@example.com")
            #expect(try await guest.caller.send(.get, "/v1/me/invitations").items.count == 1)
            // The right is taken and given again: what has ended stays ended.
            try await take(loss, from: owner, in: project.id, installation)
            #expect(try await guest.caller.send(.get, "/v1/me/invitations").items.isEmpty)
            let id = made.json["id"]?.string ?? ""
            #expect(try await guest.caller.send(.post, "/v1/me/invitations/\(id)/accept").problem == "invitation.not_found")
            #expect(try await project.caller.send(.get, project.path + "/invitations/" + id).problem == "invitation.not_found")
            #expect(try await project.caller.send(.get, project.path + "/invitations").ids == [kept.json["id"]?.string ?? ""])
            #expect(try await guest.caller.send(.get, project.path).status == 404)
            #expect(try await invite(project, guest.user.email).status == 201, "somebody else may invite")
            #expect(try await guest.caller.send(.get, "/v1/me/invitations").items.count == 1)
        }

        @Test(arguments: TestDatabases.all)
        func anAdministratorInvitesByThatRoleAlone(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            let (admin, guest) = (try await installation.person(.admin), try await installation.person())
            let made = try await invite(admin.sees(project), guest.user.email)
            let path = "/v1/me/invitations/\(made.json["id"]?.string ?? "")/accept"
            #expect(try await guest.caller.send(.get, "/v1/me/invitations").items.count == 1)
            let demoted = try await installation.admin.caller.send(.patch, "/v1/users/\(admin.user.id)", json: ["role": "user"])
            #expect(demoted.status == 200)
            #expect(try await guest.caller.send(.post, path).problem == "invitation.not_found")
        }

        /// The row of somebody who lost the right while their request was under way.
        @Test(arguments: TestDatabases.all)
        func theRightIsLookedAtWhenAnInvitationIsAccepted(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            let (guest, stranger) = (try await installation.person(), try await installation.person())
            let made = try await invite(project, guest.user.email)
            try await installation.parley.database.write { connection in
                try connection.execute(
                    "UPDATE project_invitations SET invited_by = \(stranger.user.id) WHERE project_id = \(project.id)")
            }
            let path = "/v1/me/invitations/\(made.json["id"]?.string ?? "")"
            #expect(try await guest.caller.send(.get, "/v1/me/invitations").items.isEmpty)
            for answer in ["/accept", "/decline"] {
                #expect(try await guest.caller.send(.post, path + answer).problem == "invitation.not_found")
            }
            #expect(try await project.caller.send(.get, project.path + "/invitations").items.isEmpty)
            #expect(try await invite(project, guest.user.email).status == 201)
        }
    }
}
