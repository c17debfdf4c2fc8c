import Foundation
import ParleyCore
import Testing

@testable import Backup

/// The container is a tar archive that others can look into, and nothing else is read as one.
@Suite struct ArchiveTests {
    private func archive(_ folder: Folder) throws -> [UInt8] {
        let memory = MemorySink()
        let writer = try ArchiveWriter(memory, moment: Timestamp(milliseconds: 1_800_000_000_000), list: folder.file("sums"))
        try writer.add("backup.json", Array("{}".utf8))
        try writer.add("installation.key", [UInt8](repeating: 65, count: 512))
        try writer.add(EntryName.blob(hash(Array("one".utf8))), Array("one".utf8))
        try writer.finish(damaged: 0)
        return memory.bytes
    }

    @Test func othersCanLookIntoIt() throws {
        let folder = try Folder()
        try folder.put("file.tar", try archive(folder))
        let names = try run("/bin/tar", ["tf", folder.file("file.tar").path])
        #expect(
            names.split(separator: "\n").map(String.init)
                == ["backup.json", "installation.key", EntryName.blob(hash(Array("one".utf8))), "checksums.sha256", "end.json"])
        try FileManager.default.createDirectory(at: folder.file("out"), withIntermediateDirectories: true)
        _ = try run("/bin/tar", ["xf", folder.file("file.tar").path, "-C", folder.file("out").path])
        let said = try run("/bin/sh", ["-c", "cd '\(folder.file("out").path)' && sha256sum -c checksums.sha256"])
        #expect(said.split(separator: "\n").count == 3 && !said.contains("FAILED"))
    }

    @Test func itComesBackEntryByEntry() throws {
        let folder = try Folder()
        let reader = ArchiveReader(BytesSource(try archive(folder)))
        var names: [String] = []
        while let header = try reader.next() {
            names.append(header.name)
            var (count, step, buffer) = (0, 1, [UInt8](repeating: 0, count: 100))
            while step > 0 {
                step = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
                count += step
            }
            #expect(count == header.length)
        }
        #expect(names.count == 5 && names.last == "end.json")
    }

    @Test func longEntriesHaveTheirLengthBeforeThem() throws {
        let header = ArchiveHeader(name: "parley.sqlite", length: 1 << 40, modified: 1)
        #expect(ArchiveHeader(header.bytes)?.length == 0)
        #expect(LengthRecord.text(1 << 40) == "22 size=1099511627776\n")
        for length in [1 << 33, 99_999_999_999, 1 << 40, 1 << 50] {
            #expect(LengthRecord.length(Array(LengthRecord.text(length).utf8)) == length)
        }
        for bad in [
            "", "22 size=\n", "23 size=1099511627776\n", "22 size=1099511627776", "22 size=-99511627776\n", "28 size=9223372036854775807\n",
            "19 path=/etc/passwd\n",
        ] {
            #expect(LengthRecord.length(Array(bad.utf8)) == nil, "\(bad)")
        }
        let memory = MemorySink()
        memory.bytes += ArchiveHeader(.extended, name: "size", length: 22, modified: 1).bytes
        memory.bytes += Array(LengthRecord.text(1 << 40).utf8) + [UInt8](repeating: 0, count: 490) + header.bytes
        #expect(try ArchiveReader(BytesSource(memory.bytes)).next() == header)
    }

    @Test func headersOfOtherThingsAreRefused() {
        let good = ArchiveHeader(name: "backup.json", length: 2, modified: 1).bytes
        #expect(ArchiveHeader(good) != nil)
        for place in 0..<512 {
            var bad = good
            bad[place] ^= 0x41
            #expect(ArchiveHeader(bad) == nil, "byte \(place)")
        }
        // With a right sum: a link, a folder, a device, a longer name.
        for (place, value) in [(156, UInt8(0x32)), (156, 0x31), (156, 0x35), (156, 0x33), (157, 0x61), (345, 0x61)] {
            var bad = good
            bad[place] = value
            let sum = bad.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
            let digits = String(sum, radix: 8)
            bad.replaceSubrange(148..<156, with: Array((String(repeating: "0", count: 6 - digits.count) + digits).utf8) + [0, 0x20])
            #expect(ArchiveHeader(bad) == nil, "byte \(place)")
        }
    }

    @Test func namesAreThoseThatAreWritten() {
        let hash = hash([1])
        #expect(EntryName.hash(of: EntryName.blob(hash)) == hash)
        for bad in [
            hash, "blobs/zz/\(hash)", "blobs/\(hash)", "/blobs/\(hash.prefix(2))/\(hash)", "blobs/../\(hash)",
            EntryName.blob(hash.uppercased()),
        ] {
            #expect(EntryName.hash(of: bad) == nil, "\(bad)")
        }
        #expect(EntryName.isSettings("parley.yaml") && EntryName.isSettings("my-2.yml"))
        for bad in [".yaml", "../a.yaml", "a/b.yaml", ".a.yaml", "a.yaml.sh", "a b.yaml"] { #expect(!EntryName.isSettings(bad), "\(bad)") }
    }

    private func run(_ program: String, _ arguments: [String]) throws -> String {
        let (process, output) = (Process(), Pipe())
        (process.executableURL, process.arguments, process.standardOutput) = (URL(filePath: program), arguments, output)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return text
    }
}
