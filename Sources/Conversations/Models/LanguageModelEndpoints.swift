import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP
import ParleyInference

/// Language models over HTTP: which there are, how they do, and adding further ones.
public struct LanguageModelEndpoints: Sendable {
    private static let path = "/v1/models"
    private let service: LanguageModelService

    public init(service: LanguageModelService) { self.service = service }

    public var endpoints: [Endpoint] { [list, check, tryOut, servers] + kept }

    private var list: Endpoint {
        .installation(
            .modelsRead, .get, path: Self.path, id: "models.list", tag: .models, summary: "List the language models",
            description: """
                Those of the settings in the order in which they stand in for each other, then those that were added. The first answers when nobody asks \
                for another.
                """,
            output: .page(of: ChatModels.Entry.schema, .plain)
        ) { request, _ in
            .page(ListSlice(of: service.models.entries, try request.list(), key: \.name))
        }
    }

    private var check: Endpoint {
        .installation(
            .operationsRead, .post, path: Self.path + "/check", id: "models.check", tag: .models, summary: "Check a language model",
            description: """
                Asks the model a short question twice and measures the second answer. What stands in the way is told as an error with its \
                code; the answer is 200 all the same.
                """,
            input: ModelCheckInput.schema, output: ModelReport.schema, rate: .question
        ) { _, _, input in
            guard let entry = input.model.map({ service.models[$0] }) ?? service.models.standard else {
                throw ParleyError(
                    .invalidInput, "There is no such language model.",
                    fields: [FieldError("/model", "must be one of those that GET /v1/models lists")])
            }
            return .ok(ModelReport(entry, try await ModelCheck(entry.model)))
        }
    }

    private var tryOut: Endpoint {
        .installation(
            .modelsManage, .post, path: Self.path + "/try", id: "models.try", tag: .models, summary: "Try a language model",
            description: "The same for a model that was not added yet. Nothing of it is kept.", input: LanguageModelDraft.newSchema,
            output: ModelReport.schema, errors: [.notByKey], rate: .question
        ) { _, scope, input in
            let (entry, check) = try await service.check(input, scope)
            return .ok(ModelReport(entry, check))
        }
    }

    private var servers: Endpoint {
        .installation(
            .modelsManage, .get, path: Self.path + "/servers", id: "models.servers", tag: .models,
            summary: "Find language model servers",
            description: "Looks on the server's own machine, at the ports of Ollama, LM Studio, llama.cpp, vLLM and their like.",
            output: ModelServers.schema, errors: [.notByKey], rate: .question
        ) { _, scope in
            .ok(ModelServers(ports: ChatServices.searchedPorts, servers: try await service.servers(scope)))
        }
    }

    private var kept: [Endpoint] {
        [
            .installation(
                .modelsManage, .post, path: Self.path, id: "models.create", tag: .models, summary: "Add a language model",
                description: "It can be asked at once, on every server of the installation. The key is kept sealed and never told.",
                input: LanguageModelDraft.newSchema, output: LanguageModel.schema, status: 201,
                errors: [.languageModelNameTaken, .languageModelLimit, .notByKey]
            ) { _, scope, input in
                let model = try await service.add(input, scope)
                return .created(model, location: "\(Self.path)/\(model.id)")
            },
            .installation(
                .modelsManage, .get, path: Self.path + "/{language_model}", id: "models.get", tag: .models,
                summary: "Read a language model",
                description: "One that was added; those of the settings have no id.", output: LanguageModel.schema,
                errors: [.languageModelNotFound]
            ) { request, scope in
                .ok(try await service.model(request.id("language_model"), scope))
            }.versioned(version),
            .installation(
                .modelsManage, .patch, path: Self.path + "/{language_model}", id: "models.update", tag: .models,
                summary: "Change a language model",
                description: "Another address or protocol forgets the key, unless a new one comes with it.",
                input: LanguageModelDraft.changeSchema, output: LanguageModel.schema,
                errors: [.languageModelNotFound, .languageModelNameTaken, .notByKey]
            ) { request, scope, input in
                .ok(try await service.change(request.id("language_model"), input, scope))
            }.versioned(version),
            .installation(
                .modelsManage, .delete, path: Self.path + "/{language_model}", id: "models.delete", tag: .models,
                summary: "Delete a language model",
                description: "Projects that name it are answered by the models of the settings, or quote.", output: .nothing(),
                errors: [.languageModelNotFound, .notByKey]
            ) { request, scope in
                try await service.delete(request.id("language_model"), scope)
                return .noContent
            }.versioned(version),
        ]
    }

    private var version: ResourceVersion {
        ResourceVersion(
            current: { [database = service.database] in
                try await database.version(LanguageModelStore.version(of: try $0.id("language_model")))
            },
            guarding: { [database = service.database] request, demand, write in
                try await database.guarding(LanguageModelStore.version(of: try request.id("language_model")), demand, write)
            })
    }
}

/// What was found on the machine.
struct ModelServers: Sendable {
    let ports: [Int]
    let servers: [FoundModelServer]

    static let schema: Schema<ModelServers> = .object(
        "ModelServers", "Language model servers on the server's machine.",
        .field("ports", \.ports, .array(.int()), "Where they were looked for."),
        .field("servers", \.servers, .array(FoundModelServer.schema)),
        example: ModelServers(ports: [11_434, 1234], servers: [FoundModelServer.example]))
}
