import Foundation
import ParleyCore
import Testing

@testable import Backup

/// What is written encrypted comes back whole or not at all.
@Suite struct SealingTests {
    private let passphrase = Secret("four quiet rivers of ink")

    private func sealed(_ bytes: [UInt8]) throws -> [UInt8] {
        let memory = MemorySink()
        let sink = try SealingSink(memory, passphrase: passphrase)
        for start in stride(from: 0, to: bytes.count, by: 7001) { try sink.write(Array(bytes[start..<min(start + 7001, bytes.count)])) }
        try sink.finish()
        return memory.bytes
    }

    private func opened(_ bytes: [UInt8], _ passphrase: Secret? = nil) throws -> [UInt8] {
        try OpeningSource(BufferedSource(BytesSource(bytes)), passphrase: passphrase ?? self.passphrase).rest()
    }

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
    func everyLengthComesBack(_ count: Int) throws {
        #expect(try opened(sealed(bytes(count))) == bytes(count))
    }

    @Test func nothingOfItCanBeRead() throws {
        let (one, other) = (try sealed(bytes(1000)), try sealed(bytes(1000)))
        #expect(one.dropFirst(SealedHeader.size) != other.dropFirst(SealedHeader.size), "each file has a key of its own")
        #expect(!Data(one).contains(bytes(16)))
        let wrong = #expect(throws: ParleyError.self) { _ = try opened(one, Secret("four quiet rivers of oil")) }
        #expect(wrong?.code == .backupLocked)
    }

    @Test func whatWasAlteredCutOffOrMovedIsNoticed() throws {
        let (frame, whole) = (SealedFrame.content + SealedFrame.tag, try sealed(bytes(200_000)))
        let frames = (0..<3).map { Array(whole[(SealedHeader.size + $0 * frame)..<(SealedHeader.size + ($0 + 1) * frame)]) }
        let (head, end) = (Array(whole[..<SealedHeader.size]), Array(whole[(SealedHeader.size + 3 * frame)...]))
        #expect(try opened(head + frames.joined() + end) == bytes(200_000))
        let cases: [(String, [UInt8])] = [
            ("cut in the header", Array(whole.prefix(30))), ("only the header", head), ("cut in a frame", Array(whole.dropLast())),
            ("cut between frames", head + frames.joined()), ("cut after the first frame", head + frames[0]),
            ("exchanged", head + frames[1] + frames[0] + frames[2] + end), ("left out", head + frames[0] + frames[2] + end),
            ("doubled", head + frames[0] + frames[0] + frames[1] + frames[2] + end), ("longer", whole + [0]),
            ("with another's end", whole + end),
        ]
        for (what, bad) in cases {
            let error = #expect(throws: ParleyError.self, "\(what)") { _ = try opened(bad) }
            #expect(error.map { [.backupDamaged, .backupLocked].contains($0.code) } == true, "\(what): \(error.map { "\($0)" } ?? "")")
        }
        // Not the costs of the key, which would make this slow; they are part of the key all the same.
        for place in Array(24..<SealedHeader.size - 1) + [60, 70_000, whole.count - 1] {
            var bad = whole
            bad[place] ^= 1
            #expect(throws: ParleyError.self, "byte \(place)") { _ = try opened(bad) }
        }
    }

    @Test func aFileCannotAskForAllMemory() throws {
        var header = SealedHeader().bytes
        header.replaceSubrange(16..<20, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(#expect(throws: ParleyError.self) { _ = try SealedHeader(header) }?.code == .backupDamaged)
    }
}
