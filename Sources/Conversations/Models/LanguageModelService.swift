import Foundation
public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyInference
public import ParleyJobs

/// Keeps the language models that administrators add while the server runs. Their keys are sealed, and told to nobody.
public struct LanguageModelService: Sendable {
    private static let limit = 100

    let database: Database
    let models: ChatModels
    private let services: ChatServices
    private let events: Events
    private let seal: SecretSeal
    private let clock: any WallClock
    private let asksModels: Bool
    private let store = LanguageModelStore()

    /// - Parameter asksModels: false where the installation only quotes (setting `answer.quotes_only`): models are kept and not asked.
    public init(
        database: Database, models: ChatModels, services: ChatServices, events: Events, seal: SecretSeal, clock: any WallClock,
        asksModels: Bool
    ) {
        (self.database, self.models, self.services, self.events) = (database, models, services, events)
        (self.seal, self.clock, self.asksModels) = (seal, clock, asksModels)
    }

    /// - Throws: `language_model.not_found`.
    public func model(_ id: LanguageModelID, _ scope: Scope<ModelsManage>) async throws -> LanguageModel {
        try await database.read { try find(id, in: $0) }
    }

    /// Adds a model, which can be asked from then on.
    /// - Throws: `input.invalid`, `language_model.name_taken`, `language_model.too_many`, `auth.not_by_key`.
    public func add(_ draft: LanguageModelDraft, _ scope: Scope<ModelsManage>) async throws -> LanguageModel {
        try scope.principal.requirePerson(to: "add language models")
        let now = clock.now()
        let model = LanguageModel(
            id: LanguageModelID(at: now), name: draft.name ?? draft.model ?? "", dialect: draft.dialect ?? .openAI,
            url: try ModelAddress.checked(draft.url ?? ""), model: draft.model ?? "", hasKey: draft.apiKey != nil,
            contextWindow: draft.contextWindow ?? 8192,
            price: TokenPrice(prompt: draft.promptPrice ?? 0, completion: draft.completionPrice ?? 0), createdAt: now, updatedAt: now)
        let key = try draft.apiKey.map { try seal.seal(Array($0.revealed.utf8), for: model.id.description) }
        try await database.write { connection in
            let known = try store.models(in: connection)
            guard known.count < Self.limit else {
                throw ParleyError(.languageModelLimit, "\(Self.limit) language models were added; delete one that is no longer used.")
            }
            try requireFree(model.name, among: known)
            try store.insert(model, key: key, in: connection)
            try append("language_model.added", model.id, scope, in: connection)
        }
        try await refresh()
        return model
    }

    /// Changes what the draft names. With another address or protocol the key is forgotten unless a new one is given: a key is for the
    /// service that it was given for.
    /// - Throws: `language_model.not_found`, `input.invalid`, `language_model.name_taken`, `auth.not_by_key`.
    public func change(_ id: LanguageModelID, _ draft: LanguageModelDraft, _ scope: Scope<ModelsManage>) async throws -> LanguageModel {
        try scope.principal.requirePerson(to: "change language models")
        let url = try draft.url.map { try ModelAddress.checked($0) }
        let key = try draft.apiKey.map { try seal.seal(Array($0.revealed.utf8), for: id.description) }
        let now = clock.now()
        let changed = try await database.write { connection in
            var model = try find(id, in: connection)
            let before = model
            (model.name, model.dialect) = (draft.name ?? model.name, draft.dialect ?? model.dialect)
            (model.url, model.model) = (url ?? model.url, draft.model ?? model.model)
            model.contextWindow = draft.contextWindow ?? model.contextWindow
            model.price.prompt = draft.promptPrice ?? model.price.prompt
            model.price.completion = draft.completionPrice ?? model.price.completion
            if model.name != before.name { try requireFree(model.name, among: store.models(in: connection)) }
            let isElsewhere = model.url != before.url || model.dialect != before.dialect
            model.hasKey = key != nil || model.hasKey && !isElsewhere
            model.updatedAt = now
            try store.update(model, in: connection)
            if key != nil || !model.hasKey { try store.setKey(key, of: id, in: connection) }
            try append("language_model.changed", id, scope, in: connection)
            return model
        }
        try await refresh()
        return changed
    }

    /// Takes the model away; projects that name it are answered by the models of the settings.
    /// - Throws: `language_model.not_found`, `auth.not_by_key`.
    public func delete(_ id: LanguageModelID, _ scope: Scope<ModelsManage>) async throws {
        try scope.principal.requirePerson(to: "delete language models")
        try await database.write { connection in
            guard try store.delete(id, in: connection) else { throw Self.notFound }
            try append("language_model.deleted", id, scope, in: connection)
        }
        try await refresh()
    }

    /// How a model does that was not added yet.
    /// - Throws: `input.invalid`, `auth.not_by_key`.
    public func check(_ draft: LanguageModelDraft, _ scope: Scope<ModelsManage>) async throws -> (ChatModels.Entry, ModelCheck) {
        try scope.principal.requirePerson(to: "try language models that were not added")
        let model = draft.model ?? ""
        let entry = services.entry(
            draft.name ?? model, draft.dialect ?? .openAI, base: try ModelAddress.checked(draft.url ?? ""), model: model,
            apiKey: draft.apiKey, contextWindow: draft.contextWindow ?? 8192)
        return (entry, try await ModelCheck(entry.model))
    }

    /// The language model servers that run on the server's machine.
    /// - Throws: `auth.not_by_key`.
    public func servers(_ scope: Scope<ModelsManage>) async throws -> [FoundModelServer] {
        try scope.principal.requirePerson(to: "look for language model servers")
        return await services.local()
    }

    /// Brings the models that can be asked up to date with the rows.
    public func refresh() async throws {
        guard asksModels else { return }
        let rows = try await database.read { connection in
            try store.models(in: connection).map { ($0, try store.key(of: $0.id, in: connection)) }
        }
        models.replaceAdded(
            try rows.map { model, sealed in
                let key = try sealed.map { Secret(String(decoding: try seal.open($0, for: model.id.description), as: UTF8.self)) }
                return services.entry(
                    model.name, model.dialect, base: model.url, model: model.model, apiKey: key, contextWindow: model.contextWindow,
                    price: model.price, id: model.id.description)
            })
    }

    private func requireFree(_ name: String, among known: [LanguageModel]) throws {
        guard !models.isConfigured(name), !known.contains(where: { $0.name == name }) else {
            throw ParleyError(.languageModelNameTaken, "There is a model \(ShownText.line(name)) already; choose another name.")
        }
    }

    private func find(_ id: LanguageModelID, in connection: Connection) throws -> LanguageModel {
        guard let model = try store.model(id, in: connection) else { throw Self.notFound }
        return model
    }

    private static var notFound: ParleyError { ParleyError(.languageModelNotFound, "No language model with this id was added.") }

    private func append(_ kind: String, _ id: LanguageModelID, _ scope: Scope<ModelsManage>, in connection: Connection) throws {
        try events.append(
            EventDraft(kind: kind, project: nil, subject: id.description, actor: scope.principal.user, payload: .object([:])),
            in: connection)
    }
}
