import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTelemetry
import ServiceLifecycle
import Synchronization
import Testing

@testable import Backup

/// Back-ups that the server makes by itself.
@Suite struct ScheduleTests {
    /// A clock that is set by hand.
    private final class HandClock: WallClock {
        private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))
        func now() -> Timestamp { time.withLock { $0 } }
        func advance(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
    }

    private func running(_ service: BackupService, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            try await body()
            group.cancelAll()
        }
    }

    private func service(_ house: House, _ clock: HandClock, keep: Int, _ telemetry: Telemetry = .silent()) throws -> BackupService {
        let schedule = BackupConfiguration.Schedule(folder: house.folder.file("kept"), every: .seconds(3600), keep: keep)
        return BackupService(try house.backups(clock: clock), schedule, telemetry: telemetry)
    }

    private func eventually(_ condition: () throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while !(try condition()) {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test func theyAreMadeInTimeTriedAndPruned() async throws {
        try await House.with(.sqlite) { house in
            let (clock, telemetry) = (HandClock(), Telemetry.silent())
            try await house.add("paper")
            try house.folder.put("kept/notes.txt", [1])
            #expect(try service(house, clock, keep: 2).health().status == .ok, "none is due yet")
            for round in 0..<3 {
                let service = try service(house, clock, keep: 2, telemetry)
                try await running(service) {
                    try await eventually { BackupName.all(in: house.folder.file("kept")).last?.moment == clock.now() }
                    // Nothing more before its time.
                    try await Task.sleep(for: .milliseconds(50))
                }
                #expect(BackupName.all(in: house.folder.file("kept")).count == min(round + 1, 2))
                #expect(service.health().status == .ok && service.health().detail?.contains("last good one: 2027") == true)
                clock.advance(.seconds(3600))
            }
            #expect(house.folder.names(in: "kept").contains("notes.txt"), "what is no back-up stays")
            #expect(house.folder.names(in: "kept").filter { $0.hasPrefix(".parley-backup-") }.isEmpty)
            let text = telemetry.metrics.prometheusText()
            #expect(text.contains("parley_backups_total{outcome=\"made\"} 3"), "\(text)")
            #expect(text.contains("parley_backup_last_success_timestamp_seconds 1800007200"))
            for name in BackupName.all(in: house.folder.file("kept")) {
                #expect(try await house.backups().check(.file(house.folder.file("kept/\(name.text)"))).documents == 1)
            }
            clock.advance(.seconds(2 * 3600))
            #expect(try service(house, clock, keep: 2).health().status == .degraded, "older than twice the interval")
        }
    }

    @Test func failuresAreLoud() async throws {
        try await House.with(.sqlite) { house in
            let (clock, telemetry) = (HandClock(), Telemetry.silent())
            let broken = House(folder: house.folder, databaseURL: "sqlite:/nowhere/parley.sqlite", programs: nil)
            let service = try service(broken, clock, keep: 2, telemetry)
            try await running(service) { try await eventually { service.health().status == .degraded } }
            #expect(service.health().detail?.contains("the last attempt failed: There is no database") == true)
            #expect(telemetry.metrics.prometheusText().contains("parley_backups_total{outcome=\"failed\"} 1"))
        }
    }

    @Test func oneOfSeveralServersMakesThem() async throws {
        try await House.with(.sqlite) { house in
            let clock = HandClock()
            let services = try (0..<3).map { _ in try service(house, clock, keep: 9) }
            try await running(services[0]) {
                try await running(services[1]) {
                    try await running(services[2]) {
                        try await eventually { !BackupName.all(in: house.folder.file("kept")).isEmpty }
                        try await Task.sleep(for: .milliseconds(200))
                    }
                }
            }
            #expect(BackupName.all(in: house.folder.file("kept")).count == 1)
            #expect(services.allSatisfy { $0.health().status == .ok })
        }
    }

    @Test func namesTellTheirMoment() {
        let name = BackupName(at: Timestamp(milliseconds: 1_800_000_000_999))
        #expect(name.text == "parley-20270115T080000Z.parleybackup")
        #expect(BackupName(name.text)?.moment == name.moment)
        for bad in [
            "parley-20270115T080000Z.parleybackup.part", ".parley-20270115T080000Z.parleybackup", "parley-2027.parleybackup",
            "parley-20279915T080000Z.parleybackup",
        ] {
            #expect(BackupName(bad) == nil, "\(bad)")
        }
    }

    @Test func timesNeedAPlace() {
        let reader = SettingsReader(flags: ["backup-every": "1h"])
        #expect(BackupConfiguration(reader).schedule == nil)
        #expect(throws: ParleyError.self) { try reader.validate(known: BackupConfiguration.settings) }
        let good = SettingsReader(flags: ["backup-every": "1h", "backup-folder": "/b"])
        #expect(BackupConfiguration(good).schedule?.keep == 7)
    }
}
