import Foundation
import Yams

/// One value as a source gave it, with the place where it stands.
struct FoundSetting: Sendable {
    let raw: RawSetting
    /// `--http-port`, `PARLEY_HTTP_PORT`, `parley.yaml:3`.
    let origin: String
}

/// Everything the sources say, in the order of their precedence.
struct SettingSources: Sendable {
    var flags: [String: FoundSetting] = [:]
    var environment: [String: FoundSetting] = [:]
    var file: [String: FoundSetting] = [:]
    /// What could not be read at all.
    var mistakes: [FieldError] = []

    init(flags: [String: String], environment: [String: String], notSettings: Set<String>) {
        for (name, value) in flags {
            let bare = String(name.drop { $0 == "-" })
            self.flags[bare] = FoundSetting(raw: .text(value), origin: "--" + bare)
        }
        for (name, value) in environment where name.hasPrefix("PARLEY_") && !notSettings.contains(name) {
            self.environment[name] = FoundSetting(raw: .text(value), origin: name)
        }
    }

    mutating func read(file path: String) {
        do {
            read(yaml: try String(contentsOfFile: path, encoding: .utf8), name: path)
        } catch {
            mistakes.append(
                FieldError(path, "The settings file cannot be read; check that it exists, is UTF-8 and is readable for this user."))
        }
    }

    mutating func read(yaml: String, name: String) {
        do {
            guard let root = try Yams.compose(yaml: yaml) else { return }
            if root.isEmpty { return }
            try YAMLSettings(name: name).collect(root, into: &file)
        } catch let mistake as FieldError {
            mistakes.append(mistake)
        } catch {
            mistakes.append(FieldError(name, "The settings file is not valid YAML: \(error)"))
        }
    }

    /// What the strongest source says of a setting.
    func find(_ setting: some SettingDeclaration) -> FoundSetting? {
        flags[setting.flagName] ?? environment[setting.variable] ?? secretFile(setting) ?? file[setting.key]
    }

    /// A secret may stand in a file of its own, named by the variable with `_FILE` behind it.
    private func secretFile(_ setting: some SettingDeclaration) -> FoundSetting? {
        guard setting.isSecret, case .text(let path)? = environment[setting.variable + "_FILE"]?.raw else { return nil }
        let text = ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").trimmed
        return FoundSetting(raw: text.isEmpty ? .unreadable : .text(text), origin: "\(setting.variable)_FILE (\(path))")
    }
}

extension FieldError: Error {}

/// Flattens a YAML document, nested or with dotted keys, into dotted keys.
private struct YAMLSettings {
    let name: String

    func collect(_ node: Node, prefix: String = "", into found: inout [String: FoundSetting]) throws {
        guard case .mapping(let mapping) = node else {
            throw FieldError(place(node), "The settings file must hold keys and values, such as \"http: {port: 8080}\".")
        }
        for (keyNode, value) in mapping {
            let key = prefix + (keyNode.scalar?.string ?? "?")
            switch value {
            case .mapping: try collect(value, prefix: key + ".", into: &found)
            case .scalar(let scalar): try add(.text(text(of: scalar)), key, keyNode, &found)
            case .sequence(let sequence): try add(.list(list(sequence)), key, keyNode, &found)
            case .alias: throw FieldError(place(keyNode), "Aliases are not read in the settings file; write the value of \(key) out.")
            }
        }
    }

    private func add(_ raw: RawSetting, _ key: String, _ node: Node, _ found: inout [String: FoundSetting]) throws {
        if let first = found[key] {
            throw FieldError(key, "It is given twice in the settings file, at \(first.origin) and \(place(node)); keep one of them.")
        }
        found[key] = FoundSetting(raw: raw, origin: place(node))
    }

    private func list(_ sequence: Node.Sequence) throws -> [String] {
        try sequence.map { element in
            guard case .scalar(let scalar) = element else {
                throw FieldError(place(element), "Lists in the settings file hold plain values only.")
            }
            return text(of: scalar)
        }
    }

    /// YAML's null (`~`, `null`, nothing) is the empty text, unless it stands in quotation marks.
    private func text(of scalar: Node.Scalar) -> String {
        scalar.style == .plain && ["~", "null", ""].contains(scalar.string) ? "" : scalar.string
    }

    private func place(_ node: Node) -> String { node.mark.map { "\(name):\($0.line)" } ?? name }
}

extension Node {
    fileprivate var isEmpty: Bool { scalar?.string == "" }
}
