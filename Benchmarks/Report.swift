import Foundation

/// One line of the table.
struct Line: Sendable {
    enum Goal: Sendable {
        case atLeast(Double)
        case atMost(Double)
        case none
    }

    let name: String
    let value: Double
    let unit: String
    let goal: Goal
    /// What the value was made of.
    let detail: String

    init(_ name: String, _ value: Double, _ unit: String = "", _ goal: Goal = .none, _ detail: String = "") {
        (self.name, self.value, self.unit, self.goal, self.detail) = (name, value, unit, goal, detail)
    }

    var isMet: Bool {
        switch goal {
        case .atLeast(let bound): value >= bound
        case .atMost(let bound): value <= bound
        case .none: true
        }
    }

    var cells: [String] {
        let (bound, verdict) =
            switch goal {
            case .atLeast(let bound): ("≥ \(figure(bound)) \(unit)", isMet ? "pass" : "FAIL")
            case .atMost(let bound): ("≤ \(figure(bound)) \(unit)", isMet ? "pass" : "FAIL")
            case .none: ("", "")
            }
        return [name, "\(figure(value)) \(unit)", bound, verdict, detail]
    }
}

/// The table, in Markdown that reads well as plain text.
struct Report {
    private(set) var lines: [Line] = []

    mutating func add(_ line: Line) {
        lines.append(line)
        tell(line.cells.prefix(4).joined(separator: "  ") + "  " + line.detail)
    }

    var isMet: Bool { lines.allSatisfy(\.isMet) }

    var text: String {
        let head = ["measure", "value", "goal", "", "from"]
        let rows = [head] + lines.map(\.cells)
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var output = rows.map { row in
            "| " + zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: " | ") + " |"
        }
        output.insert("|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|", at: 1)
        return output.joined(separator: "\n")
    }
}

/// A number with three digits that count.
func figure(_ value: Double) -> String {
    if value >= 100 { return String(format: "%.0f", value) }
    let digits = value >= 10 ? 1 : value >= 1 ? 2 : 3
    let text = String(format: "%.\(digits)f", value)
    return text.hasSuffix(".00") || text.hasSuffix(".0") ? String(text.prefix { $0 != "." }) : text
}

/// A line about progress, beside the table.
func tell(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
