import Synchronization

/// All metrics of a process. Cheap enough for every request: one short lock finds a series, atomics change it.
public final class MetricsRegistry: Sendable {
    /// The media type of the Prometheus text format.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"
    /// Label sets of one metric beyond this number share the series `_other`.
    public static let maxSeries = 1000

    private struct Family {
        let metric: Metric
        var series: [[String]: Series] = [:]
    }

    private enum Series {
        case number(AtomicNumber)
        case histogram(Histogram)
    }

    private typealias Watch = @Sendable () -> [(labels: [String], value: Double)]

    private struct State {
        var families: [String: Family] = [:]
        var watches: [String: [Watch]] = [:]
        var spanHistograms: [SpanKey: Histogram] = [:]
    }

    private struct SpanKey: Hashable {
        let name: String
        let outcome: SpanOutcome
    }

    private let state = Mutex(State())

    public init() {}

    /// Makes metrics known, so that they stand in the exposition before their first use.
    public func register(_ metrics: [Metric]) {
        state.withLock { state in
            for metric in metrics where state.families[metric.name] == nil { state.families[metric.name] = Family(metric: metric) }
        }
    }

    public func counter(_ metric: Metric, _ labels: KeyValuePairs<String, String> = [:]) -> Counter {
        Counter(number: number(metric, labels))
    }

    public func gauge(_ metric: Metric, _ labels: KeyValuePairs<String, String> = [:]) -> Gauge {
        Gauge(number: number(metric, labels))
    }

    public func histogram(_ metric: Metric, _ labels: KeyValuePairs<String, String> = [:]) -> Histogram {
        if case .histogram(let histogram) = series(metric, Self.values(metric, labels)) { return histogram }
        return Histogram(bounds: metric.buckets)
    }

    /// The histogram of a span's name, found without building labels.
    func histogram(spanNamed name: String, outcome: SpanOutcome) -> Histogram {
        let key = SpanKey(name: name, outcome: outcome)
        if let known = state.withLock({ $0.spanHistograms[key] }) { return known }
        let made = histogram(.span(name), ["outcome": outcome.rawValue])
        state.withLock { if $0.spanHistograms.count < Self.maxSeries { $0.spanHistograms[key] = made } }
        return made
    }

    /// A gauge that is asked at each scrape.
    public func watch(_ metric: Metric, _ labels: KeyValuePairs<String, String> = [:], _ read: @escaping @Sendable () -> Double) {
        let values = Self.values(metric, labels)
        watchAll(metric) { [(values, read())] }
    }

    /// A gauge or counter with several series that is asked at each scrape; labels in the declared order.
    public func watchAll(_ metric: Metric, _ read: @escaping @Sendable () -> [(labels: [String], value: Double)]) {
        register([metric])
        state.withLock { $0.watches[metric.name, default: []].append(read) }
    }

    /// All metrics with their present figures, by name.
    public func families() -> [MetricFamily] {
        let (families, watches) = state.withLock { ($0.families, $0.watches) }
        return families.values.sorted { $0.metric.name < $1.metric.name }.map { family in
            var points = family.series.map { labels, series in MetricPoint(labels: labels, value: Self.value(series)) }
            for watch in watches[family.metric.name] ?? [] {
                points += watch().map { MetricPoint(labels: $0.labels, value: .number($0.value)) }
            }
            if points.isEmpty, family.metric.labels.isEmpty {
                points = [MetricPoint(labels: [], value: Self.value(Self.new(family.metric)))]
            }
            return MetricFamily(metric: family.metric, points: points.sorted { $0.labels.lexicographicallyPrecedes($1.labels) })
        }
    }

    private func number(_ metric: Metric, _ labels: KeyValuePairs<String, String>) -> AtomicNumber {
        if case .number(let number) = series(metric, Self.values(metric, labels)) { return number }
        return AtomicNumber()
    }

    private func series(_ metric: Metric, _ values: [String]) -> Series {
        state.withLock { state in
            if let known = state.families[metric.name]?.series[values] { return known }
            var family = state.families[metric.name] ?? Family(metric: metric)
            let full = family.series.count >= Self.maxSeries
            let key = full ? metric.labels.map { _ in "_other" } : values
            let series = family.series[key] ?? Self.new(family.metric)
            family.series[key] = series
            state.families[metric.name] = family
            return series
        }
    }

    private static func new(_ metric: Metric) -> Series {
        metric.kind == .histogram ? .histogram(Histogram(bounds: metric.buckets)) : .number(AtomicNumber())
    }

    private static func value(_ series: Series) -> MetricPoint.Value {
        switch series {
        case .number(let number): .number(number.value)
        case .histogram(let histogram): .histogram(histogram.snapshot)
        }
    }

    /// The values in the declared order; names that are not declared are left out, missing ones are empty.
    private static func values(_ metric: Metric, _ labels: KeyValuePairs<String, String>) -> [String] {
        metric.labels.map { name in labels.first { $0.key == name }?.value ?? "" }
    }
}

/// One metric with all its series at one moment.
public struct MetricFamily: Sendable {
    public let metric: Metric
    public let points: [MetricPoint]
}

/// One series at one moment.
public struct MetricPoint: Sendable {
    public enum Value: Sendable {
        case number(Double)
        case histogram(HistogramSnapshot)
    }

    /// Values in the order of the metric's labels.
    public let labels: [String]
    public let value: Value
}
