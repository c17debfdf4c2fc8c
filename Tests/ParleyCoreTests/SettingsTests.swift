import Foundation
import ParleyCore
import Testing

enum Colour: String, CaseIterable, SettingValue {
    case red, green
}

enum Sample {
    static let port = Setting("http.port", default: 8080, .range(0...65535), "TCP port.")
    static let publicURL = Setting<URL?>("http.public_url", default: nil, .optional(.schemes("http", "https")), "Public address.")
    static let key = Setting<Secret?>("model.api_key", default: nil, .optional(.strong(minimum: 8)), "Key.")
    static let timeout = Setting("model.timeout", default: Duration.seconds(60), .atLeast(.seconds(1)), "Time | limit.")
    static let size = Setting("upload.max_size", default: ByteSize.gib(1), "Size.")
    static let colour = Setting("colour", default: Colour.red, "Colour.")
    static let origins = Setting<[String]>("http.origins", default: [], .each(.notEmpty), "Origins.")
    static let database = Setting("database.url", default: "sqlite:data.sqlite", .notEmpty, "Database.")
    static let debug = Setting("debug", default: false, "Debug.")
    static let share = Setting("share", default: 0.5, .range(0...1), "Share.")
    static let path = Setting("data.path", default: LocalPath("./data"), "Folder.")
    static let all: [any SettingDeclaration] = [
        port, publicURL, key, timeout, size, colour, origins, database, debug, share, path,
    ]
}

@Suite struct SettingsTests {
    @Test func defaults() throws {
        let settings = SettingsReader()
        #expect(settings[Sample.port] == 8080)
        #expect(settings[Sample.publicURL] == nil)
        #expect(settings[Sample.timeout] == .seconds(60))
        #expect(settings[Sample.path].absolute.hasSuffix("/data"))
        try settings.validate(known: Sample.all)
    }

    @Test func namesAreOne() {
        #expect(Sample.publicURL.variable == "PARLEY_HTTP_PUBLIC_URL")
        #expect(Sample.publicURL.flag == "--http-public-url")
    }

    @Test func precedence() throws {
        let yaml = "http:\n  port: 1\n  public_url: https://a.example\nmodel.timeout: 15m\ncolour: green\n"
        let all = SettingsReader(flags: ["--http-port": "3"], environment: ["PARLEY_HTTP_PORT": "2", "HOME": "/"], yaml: yaml)
        #expect(all[Sample.port] == 3)
        #expect(SettingsReader(environment: ["PARLEY_HTTP_PORT": "2"], yaml: yaml)[Sample.port] == 2)
        #expect(SettingsReader(yaml: yaml)[Sample.port] == 1)
        #expect(all[Sample.publicURL] == URL(string: "https://a.example"))
        #expect(all[Sample.timeout] == .seconds(900))
        #expect(all[Sample.colour] == .green)
        try all.validate(known: Sample.all)
    }

    @Test func listsFromYAMLAndText() {
        #expect(SettingsReader(yaml: "http: {origins: [a, 'b,c']}")[Sample.origins] == ["a", "b,c"])
        #expect(SettingsReader(flags: ["http-origins": "a, b,"])[Sample.origins] == ["a", "b"])
    }

    @Test func nullIsNone() throws {
        let settings = SettingsReader(environment: ["PARLEY_MODEL_API_KEY": ""], yaml: "http:\n  public_url: ~\n")
        #expect(settings[Sample.publicURL] == nil)
        #expect(settings[Sample.key] == nil)
        try settings.validate(known: Sample.all)
    }

    @Test func tellsEveryMistakeAtOnce() throws {
        let yaml = "http:\n  port: 70000\ncolour: blue\nhttp.prot: 1\nshare: much\n"
        let settings = SettingsReader(
            flags: ["model-timeout": "0s", "htp-port": "1"],
            environment: [
                "PARLEY_MODEL_API_KEY": "changeme", "PARLEY_HTTP_PUBLIC_URL": "ftp://x.example", "PARLEY_HTTP_PUBLICURL": "x",
                "PARLEY_CONFIG": "y",
            ],
            yaml: yaml)
        #expect(settings[Sample.port] == 8080)
        settings.reject(Sample.database, "set for this")
        let error = #expect(throws: ParleyError.self) { try settings.validate(known: Sample.all) }
        let told = Dictionary(grouping: error?.fields ?? []) { $0.pointer }.mapValues { $0.map(\.message).joined(separator: "\n") }
        #expect(error?.code == .settingsInvalid)
        #expect(told["http.port"] == "\"70000\" from yaml:2 is not allowed; it must be from 0 to 65535.")
        #expect(told["colour"]?.contains("one of red, green") == true)
        #expect(told["share"]?.contains("\"much\"") == true)
        #expect(told["model.timeout"]?.contains("from --model-timeout") == true)
        #expect(told["http.public_url"]?.contains("http:// or https://") == true)
        #expect(told["model.api_key"]?.contains("PARLEY_MODEL_API_KEY") == true)
        #expect(told["http.prot"]?.contains("did you mean http.port?") == true)
        #expect(told["--htp-port"]?.contains("--http-port") == true)
        #expect(told["PARLEY_HTTP_PUBLICURL"]?.contains("PARLEY_HTTP_PUBLIC_URL") == true)
        #expect(told["database.url"]?.contains("PARLEY_DATABASE_URL") == true)
        #expect(told.count == 10)
        #expect(error?.message == "10 settings are wrong. Correct and start again.")
        #expect("\(error?.description ?? "")".contains("changeme") == false)
    }

    /// Kubernetes tells every pod of a service named parley where it is, in variables that begin like settings.
    @Test func variablesOfOthersAreNoMistakes() throws {
        let others = ["PARLEY_PORT", "PARLEY_PORT_8080_TCP", "PARLEY_PORT_8080_TCP_ADDR", "PARLEY_SERVICE_HOST"]
        let settings = SettingsReader(environment: Dictionary(uniqueKeysWithValues: others.map { ($0, "tcp://10.0.0.1:8080") }))
        try settings.validate(known: Sample.all)
        #expect(settings.foreignVariables(known: Sample.all) == others)
        let misspelt = SettingsReader(environment: ["PARLEY_HTTP_PROT": "1"])
        #expect(misspelt.foreignVariables(known: Sample.all).isEmpty)
    }

    @Test(arguments: ["a: [", "- 1\n- 2\n", "http:\n  origins:\n    - {a: 1}\n", "http.port: 1\nhttp:\n  port: 2\n"])
    func refusesBrokenFiles(yaml: String) {
        #expect(throws: ParleyError.self) { try SettingsReader(yaml: yaml).validate(known: Sample.all) }
    }

    @Test(arguments: ["", "# nothing\n", "---\n"])
    func emptyFilesAreFine(yaml: String) throws { try SettingsReader(yaml: yaml).validate(known: Sample.all) }

    @Test func readsFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "parley.yaml").path
        let key = folder.appending(path: "key").path
        try "http:\n  port: 81\n".write(toFile: file, atomically: true, encoding: .utf8)
        try "kT9vQ2mX7pL4\n".write(toFile: key, atomically: true, encoding: .utf8)
        let settings = SettingsReader(environment: ["PARLEY_MODEL_API_KEY_FILE": key], file: file)
        #expect(settings[Sample.port] == 81)
        #expect(settings[Sample.key]?.revealed == "kT9vQ2mX7pL4")
        try settings.validate(known: Sample.all)
        let noKey = SettingsReader(environment: ["PARLEY_MODEL_API_KEY_FILE": key + "2"])
        let error = #expect(throws: ParleyError.self) { try noKey.validate(known: Sample.all) }
        #expect(error?.fields.first?.message.contains("cannot be read") == true)
        let missing = SettingsReader(file: folder.appending(path: "other.yaml").path)
        #expect(throws: ParleyError.self) { try missing.validate(known: Sample.all) }
    }

    @Test func printsWithOriginsAndWithoutSecrets() throws {
        let environment = ["PARLEY_MODEL_API_KEY": "kT9vQ2mX7pL4", "PARLEY_DATABASE_URL": "postgres://me:hunter2@db/parley"]
        let settings = SettingsReader(flags: ["http-port": "90"], environment: environment, yaml: "colour: green\nmodel:\n  timeout: 90s\n")
        let printed = settings.printed(Sample.all)
        #expect(printed.contains("  port: 90  # from --http-port\n"))
        #expect(printed.contains("colour: green  # from yaml:1\n"))
        #expect(printed.contains("  timeout: 90s  # from yaml:3\n"))
        #expect(printed.contains("  max_size: 1GiB  # default\n"))
        #expect(printed.contains("  api_key: \"\(Secret.mask)\"  # from PARLEY_MODEL_API_KEY\n"))
        #expect(!printed.contains("kT9v") && !printed.contains("hunter2"))
        let again = SettingsReader(yaml: printed)
        #expect(again[Sample.port] == 90)
        #expect(again[Sample.size] == .gib(1))
    }

    @Test func referenceListsEverySetting() {
        let markdown = SettingsReference.markdown(Sample.all)
        for setting in Sample.all {
            for name in [setting.key, setting.variable, setting.flag] { #expect(markdown.contains("`\(name)`")) }
        }
        #expect(markdown.contains("Time \\| limit."))
        #expect(markdown.contains("## http"))
    }
}

@Suite struct SettingValueTests {
    private func read<V: SettingValue>(_ text: String, as type: V.Type = V.self) -> V? { V(setting: .text(text)) }

    @Test(arguments: [
        ("500ms", 500), ("30s", 30_000), ("15m", 900_000), ("2h", 7_200_000), ("1h30m", 5_400_000), ("1d", 86_400_000), ("1.5s", 1500),
        ("0s", 0),
    ])
    func durations(text: String, milliseconds: Int) { #expect(read(text) == Duration.milliseconds(milliseconds)) }

    @Test(arguments: ["", "30", "s", "-1s", "1 week", "1s2", "1e9d", "99999999999999999999h", "１s"])
    func notDurations(text: String) { #expect(read(text, as: Duration.self) == nil) }

    @Test(arguments: [
        ("4096", 4096), ("512KiB", 524_288), ("10MB", 10_000_000), ("1GiB", 1 << 30), ("1 gib", 1 << 30), ("0.5KiB", 512), ("7B", 7),
    ])
    func sizes(text: String, bytes: Int) { #expect(read(text) == ByteSize.bytes(bytes)) }

    @Test(arguments: ["", "MiB", "-1", "1XB", "1e9TiB", "99999999TiB", "1MiB2"])
    func notSizes(text: String) { #expect(read(text, as: ByteSize.self) == nil) }

    @Test func textsGiveTheValueAgain() {
        for duration in [Duration.zero, .milliseconds(1), .milliseconds(1500), .seconds(90), .seconds(7200)] {
            #expect(read(duration.settingText) == duration)
        }
        for size in [ByteSize.bytes(0), .bytes(1000), .kib(3), .gib(5)] { #expect(read(size.settingText) == size) }
    }

    @Test func numbersAndWords() {
        #expect(read("1_000") == 1000)
        #expect(read("1.0", as: Int.self) == nil)
        #expect(read("nan", as: Double.self) == nil)
        #expect(read("yes") == true)
        #expect(read("off") == false)
        #expect(read("maybe", as: Bool.self) == nil)
        #expect(read("not a url", as: URL.self) == nil)
        #expect(read("/only/path", as: URL.self) == nil)
        #expect(read("1,x", as: [Int].self) == nil)
    }
}
