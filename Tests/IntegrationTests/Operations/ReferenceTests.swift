import Foundation
import ParleyCore
import ParleyHTTP
import ParleyTesting
import Testing

@testable import ParleyApp

/// The written references hold everything that the code declares.
@Suite struct ReferenceTests {
    @Test func everySettingIsExplained() throws {
        let text = try InstalledFiles.text("docs/settings.md")
        for setting in AppSettings.all { #expect(text.contains("`\(setting.key)`"), "\(setting.key)") }
        let keys = AppSettings.all.map(\.key)
        #expect(Set(keys).count == keys.count)
    }

    @Test func everyErrorCodeIsExplained() throws {
        let text = try InstalledFiles.text("docs/errors.md")
        let codes = try Self.declaredCodes()
        #expect(codes.count > 50)
        for code in codes.sorted() { #expect(text.contains("`\(code)`"), "\(code)") }
    }

    @Test func everyErrorCodeIsDeclaredOnce() throws {
        let codes = try Self.declarations()
        let twice = Dictionary(grouping: codes) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
        #expect(twice.isEmpty)
    }

    @Test func wrongSettingsAreAllNamedAtOnce() async throws {
        let folder = try TemporaryFolder()
        let reader = try testSettings(folder, ["http-port": "many", "log-level": "loud", "answer-passages": "0", "colour": "red"])
        let error = await #expect(throws: ParleyError.self) { _ = try await Parley(reader) }
        #expect(error?.code == .settingsInvalid)
        #expect(error?.fields.count == 4, "\(error?.fields.map(\.pointer) ?? [])")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/data"), "nothing is made before the settings hold")
    }

    @Test func secretsAreNeverPrinted() throws {
        let reader = try testSettings(
            TemporaryFolder(), ["database-url": "postgres://ada:hunter22@db/parley", "model-api-key": "sk-12345678"])
        let printed = reader.printed(AppSettings.all)
        #expect(!printed.contains("hunter22") && !printed.contains("sk-12345678"))
        for setting in AppSettings.all { #expect(printed.contains(setting.key.split(separator: ".").last ?? ""), "\(setting.key)") }
    }

    private static func declaredCodes() throws -> Set<String> { Set(try declarations()) }

    /// The names of all codes, as the sources declare them.
    private static func declarations() throws -> [String] {
        let sources = InstalledFiles.repository.appending(path: "Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var codes: [String] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            guard text.contains("extension ErrorCode") else { continue }
            codes += text.matches(of: /= (?:Self|ErrorCode)\(\s*"([a-z_.]+)",\s*\./).map { String($0.output.1) }
        }
        return codes
    }
}
