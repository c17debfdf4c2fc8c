/// The reference of metrics, for the documentation.
public enum MetricsReference {
    /// One row for each metric, by name.
    public static func markdown(_ metrics: [Metric]) -> String {
        let rows = metrics.sorted { $0.name < $1.name }.map { metric in
            let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(metric.name)` | \(metric.kind.rawValue) | \(labels) | \(metric.help.replacing("|", with: "\\|")) |\n"
        }
        return "| Metric | Type | Labels | Meaning |\n|---|---|---|---|\n" + rows.joined()
    }
}
