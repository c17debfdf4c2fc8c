import Foundation
import Logging
import ParleyCore
import Testing

@testable import ParleyInference

@Suite struct ChatModelConfigurationTests {
    private func read(_ flags: [String: String]) throws -> ChatModelConfiguration {
        let reader = SettingsReader(flags: flags)
        let configuration = ChatModelConfiguration(reader)
        try reader.validate(known: ChatModelConfiguration.settings)
        return configuration
    }

    @Test func withoutAWordThereIsNoModel() throws {
        let configuration = try read([:])
        #expect(configuration.folder == nil && configuration.server(runtime: "") == nil)
        #expect(configuration.supervisor(executable: "/bin/true", arguments: [], runtime: "", logger: Logger(label: "test")) == nil)
        #expect(throws: ParleyError.self) { try read(["model-order": "SmolLM2-135M-Instruct"]) }
    }

    @Test func aFolderNamesALocalModel() throws {
        let folder = try TemporaryFolder().path
        let configuration = try read([
            "model-folder": folder, "model-context-window": "512", "model-waiting-limit": "3", "model-threads": "1",
        ])
        let options = try #require(configuration.server(runtime: "/runtime")).options
        #expect(options.contextWindow == 512 && options.waitingLimit == 3 && options.threads == 1)
        let supervisor = configuration.supervisor(
            executable: "/bin/true", arguments: [], runtime: "/runtime", logger: Logger(label: "test"))
        #expect(supervisor != nil)
    }

    @Test func theCacheStandsWhereItCanBeWritten() throws {
        let folder = try TemporaryFolder()
        #expect(try read(["model-folder": folder.path]).server(runtime: "")?.options.cacheFolder == folder.path + "/cache")
        #expect(try read(["model-folder": folder.path, "model-cache": "false"]).server(runtime: "")?.options.cacheFolder == nil)
        #expect(try read(["model-folder": "/nowhere"]).server(runtime: "")?.options.cacheFolder == nil)
    }

    @Test func aRemoteModelNeedsItsName() throws {
        #expect(throws: ParleyError.self) { try read(["model-url": "https://api.example.com/v1"]) }
        #expect(throws: ParleyError.self) { try read(["model-context-window": "16384"]) }
        let configuration = try read(["model-url": "https://api.example.com/v1", "model-name": "large", "model-context-window": "16384"])
        let supervisor = configuration.supervisor(executable: "/bin/true", arguments: [], runtime: "", logger: Logger(label: "test"))
        #expect(supervisor == nil)
    }
}
