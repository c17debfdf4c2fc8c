import Accounts
import ArgumentParser
import Foundation
import ParleyAuthority
import ParleyCore

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Keep accounts on a data folder that no server holds.",
        subcommands: [FirstLogin.self, Add.self, Password.self, Unlock.self, List.self])

    struct FirstLogin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "first-login", abstract: "Print a new one-time token for the first administrator.")
        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await reporting {
                try await withParley(options) { parley in
                    guard let token = try await parley.signIn.issueFirstRunToken() else {
                        throw ParleyError(.firstRunRejected, "There is an account already; an administrator can add more.")
                    }
                    Terminal.print("/#/welcome?token=\(token)")
                }
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add an account; the password is read from standard input.")
        @Option(help: "E-mail address.") var email: String
        @Option(help: "Shown name.") var name: String
        @Option(help: "admin, user or viewer.") var role = "user"
        @OptionGroup var options: SettingsOptions

        func run() async throws {
            guard let role = Role(rawValue: role) else { throw ValidationError("--role is admin, user or viewer.") }
            guard let password = readLine() else { throw ValidationError("Give the password on standard input.") }
            let new = NewUser(email: email, name: name, password: password, role: role)
            try await reporting {
                try await withParley(options) { parley in
                    guard let admin = try await parley.operators.administrator() else {
                        throw ParleyError(.forbidden, "Make the first administrator with the first-login link.")
                    }
                    let user = try await parley.accounts.add(new, parley.authorizer.scope(admin, .usersManage))
                    Terminal.print("\(user.id)  \(user.email)  \(user.role.rawValue)")
                }
            }
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set a person's password, which ends their sessions and API keys; it is read from standard input.")
        @Option(help: "E-mail address.") var email: String
        @OptionGroup var options: SettingsOptions

        func run() async throws {
            guard let password = readLine() else { throw ValidationError("Give the password on standard input.") }
            try await reporting {
                try await withParley(options) { parley in
                    guard let admin = try await parley.operators.administrator() else {
                        throw ParleyError(.forbidden, "Make the first administrator with the first-login link.")
                    }
                    let scope = try parley.authorizer.scope(admin, .usersManage)
                    let user = try await parley.accounts.user(email: email, scope)
                    _ = try await parley.accounts.change(user.id, UserChange(password: password), scope)
                    Terminal.print("The password of \(user.email) is set.")
                }
            }
        }
    }

    struct Unlock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a person sign in without waiting after failed sign-ins.")
        @Option(help: "E-mail address.") var email: String
        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await reporting {
                try await withParley(options) { parley in
                    guard let admin = try await parley.operators.administrator() else {
                        throw ParleyError(.forbidden, "Make the first administrator with the first-login link.")
                    }
                    let scope = try parley.authorizer.scope(admin, .usersManage)
                    let user = try await parley.accounts.user(email: email, scope)
                    try await parley.signIn.liftDelay(of: user.id, scope)
                    Terminal.print("\(user.email) may sign in.")
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List accounts.")
        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await reporting {
                try await withParley(options) { parley in
                    guard let admin = try await parley.operators.administrator() else { return }
                    let scope = try parley.authorizer.scope(admin, .usersManage)
                    for user in try await parley.accounts.users(ListQuery(limit: 1000), scope).items {
                        Terminal.print(
                            "\(user.id)  \(user.role.rawValue)  \(user.disabledAt == nil ? "active  " : "disabled")  \(user.email)")
                    }
                }
            }
        }
    }
}

/// The composed product without its services, for commands that work on rows alone.
func withParley(_ options: SettingsOptions, _ body: (Parley) async throws -> Void) async throws {
    let parley = try await Parley(try options.reader(adding: ["log-level": "warning"]))
    do { try await body(parley) } catch {
        await parley.close()
        throw error
    }
    await parley.close()
}
