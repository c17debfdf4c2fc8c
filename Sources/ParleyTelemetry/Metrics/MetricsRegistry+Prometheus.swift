extension MetricsRegistry {
    /// Every metric in the Prometheus text format 0.0.4.
    public func prometheusText() -> String {
        var text = ""
        for family in families() {
            text += "# HELP \(family.metric.name) \(PrometheusText.help(family.metric.help))\n"
            text += "# TYPE \(family.metric.name) \(family.metric.kind.rawValue)\n"
            for point in family.points { text += PrometheusText.lines(family.metric, point) }
        }
        return text
    }
}

/// The pieces of the Prometheus text format.
enum PrometheusText {
    static func lines(_ metric: Metric, _ point: MetricPoint) -> String {
        let labels = Array(zip(metric.labels, point.labels))
        switch point.value {
        case .number(let value): return "\(metric.name)\(set(labels)) \(number(value))\n"
        case .histogram(let histogram):
            let bounds = histogram.bounds.map(number) + ["+Inf"]
            let buckets = zip(bounds, histogram.cumulative).map { bound, count in
                "\(metric.name)_bucket\(set(labels + [("le", bound)])) \(count)\n"
            }
            return buckets.joined() + "\(metric.name)_sum\(set(labels)) \(number(histogram.sum))\n"
                + "\(metric.name)_count\(set(labels)) \(histogram.count)\n"
        }
    }

    static func help(_ text: String) -> String { text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n") }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }

    private static func set(_ labels: [(String, String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0.0)=\"\(label($0.1))\"" }.joined(separator: ",") + "}"
    }

    private static func label(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return value }
        return value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
