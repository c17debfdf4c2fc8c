import ParleyTelemetry

/// What monitoring sees of the back-ups that the server makes by itself.
enum BackupMetrics {
    static let made = Metric.counter(
        "parley_backups_total", "Back-ups that the server made by itself, by how they ended.", labels: ["outcome"])
    static let last = Metric.gauge(
        "parley_backup_last_success_timestamp_seconds", "When the last good back-up was made, in seconds since 1970; 0 for never.")
    static let bytes = Metric.gauge("parley_backup_bytes", "Size of the last good back-up that this process made.")
    static let seconds = Metric.gauge("parley_backup_duration_seconds", "How long it took to make and try that back-up.")

    static let all = [made, last, bytes, seconds]
}
