import ParleyTelemetry
import Testing

extension Metric {
    fileprivate static let requests = Metric.counter("t_requests_total", "Requests \\ with\nlines.", labels: ["method", "path"])
    fileprivate static let depth = Metric.gauge("t_depth", "Depth.")
    fileprivate static let time = Metric.histogram("t_seconds", "Time.", buckets: [0.1, 1])
}

@Suite struct MetricsTests {
    private let metrics = MetricsRegistry()

    @Test func exposition() {
        metrics.counter(.requests, ["path": "a\"b\\c\nd", "method": "GET", "unknown": "x"]).add(2)
        metrics.counter(.requests, ["method": "GET", "path": "/"]).add()
        metrics.gauge(.depth).set(-1.5)
        for value in [0.05, 0.1, 0.5, 7] { metrics.histogram(.time).observe(value) }
        #expect(
            metrics.prometheusText() == """
                # HELP t_depth Depth.
                # TYPE t_depth gauge
                t_depth -1.5
                # HELP t_requests_total Requests \\\\ with\\nlines.
                # TYPE t_requests_total counter
                t_requests_total{method="GET",path="/"} 1
                t_requests_total{method="GET",path="a\\"b\\\\c\\nd"} 2
                # HELP t_seconds Time.
                # TYPE t_seconds histogram
                t_seconds_bucket{le="0.1"} 2
                t_seconds_bucket{le="1"} 3
                t_seconds_bucket{le="+Inf"} 4
                t_seconds_sum 7.65
                t_seconds_count 4

                """)
    }

    @Test func registeredMetricsStandBeforeTheirUse() {
        metrics.register([.requests, .depth, .time])
        let text = metrics.prometheusText()
        #expect(text.contains("t_depth 0\n"))
        #expect(text.contains("t_seconds_count 0\n"))
        #expect(text.contains("# TYPE t_requests_total counter\n"))
        #expect(!text.contains("t_requests_total{"))
    }

    @Test func countersNeverFall() {
        let counter = metrics.counter(.requests)
        for amount in [1.0, -5, .nan, .infinity, 2] { counter.add(amount) }
        #expect(counter.value == 3)
        metrics.histogram(.time).observe(.nan)
        #expect(metrics.histogram(.time).snapshot.count == 0)
    }

    @Test func labelSetsAreBounded() {
        for index in 0..<(MetricsRegistry.maxSeries + 500) { metrics.counter(.requests, ["path": "\(index)"]).add() }
        let points = metrics.families().first?.points ?? []
        #expect(points.count == MetricsRegistry.maxSeries + 1)
        #expect(metrics.prometheusText().contains("{method=\"_other\",path=\"_other\"} 500\n"))
    }

    @Test func countsFromManyTasks() async {
        let counter = metrics.counter(.requests, ["path": "/"])
        let histogram = metrics.histogram(.time)
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<5000 {
                        counter.add()
                        histogram.observe(0.5)
                    }
                }
            }
        }
        #expect(counter.value == 40_000)
        #expect(histogram.snapshot.count == 40_000)
    }

    @Test func watchedGaugesAreAskedAtEachScrape() {
        metrics.watch(.depth) { 7 }
        metrics.watchAll(.requests) { [(["GET", "/a"], 3)] }
        #expect(metrics.prometheusText().contains("t_depth 7\n"))
        #expect(metrics.prometheusText().contains("t_requests_total{method=\"GET\",path=\"/a\"} 3\n"))
    }

    @Test func referenceListsEveryMetric() {
        let markdown = MetricsReference.markdown(TelemetryMetrics.all + [.requests])
        for metric in TelemetryMetrics.all { #expect(markdown.contains("| `\(metric.name)` | \(metric.kind.rawValue) |")) }
        #expect(markdown.contains("| `t_requests_total` | counter | `method`, `path` |"))
    }

    @Test func quantiles() throws {
        let histogram = metrics.histogram(.time)
        #expect(histogram.snapshot.quantile(0.5) == nil)
        for _ in 0..<10 { histogram.observe(0.5) }
        #expect(abs(try #require(histogram.snapshot.quantile(0.5)) - 0.55) < 1e-9)
    }

    @Test func processFigures() throws {
        let figures = try #require(ProcessFigures.now)
        #expect(figures.residentBytes > 1_000_000 && figures.cpuSeconds > 0 && figures.startSeconds > 1e9)
        let text = Telemetry.silent().metrics.prometheusText()
        for metric in TelemetryMetrics.all {
            let line = text.split(separator: "\n").first { $0.hasPrefix(metric.name + " ") }
            let value = line?.split(separator: " ").last.flatMap { Double($0) }
            #expect(value.map { $0 > 0 } == true, "\(metric.name)")
        }
    }
}
