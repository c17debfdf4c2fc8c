import Foundation
import ParleyCore
import Testing

@Suite struct IdentifierTests {
    @Test func readsItsOwnDescription() throws {
        let id = ProjectID(at: Timestamp(milliseconds: 1_700_000_000_000))
        #expect(id.description.hasPrefix("prj_"))
        #expect(id.description.count == 30)
        #expect(ProjectID(id.description) == id)
    }

    @Test func sortsByTime() {
        let ids = (0..<200).map { DocumentID(at: Timestamp(milliseconds: 1_700_000_000_000 + Int64($0))) }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == 200)
    }

    @Test func twoOfOneMomentDiffer() {
        let moment = Timestamp(milliseconds: 5)
        #expect(Set((0..<1000).map { _ in JobID(at: moment) }).count == 1000)
    }

    @Test(arguments: [
        "", "prj_", "doc_01ARZ3NDEKTSV4RRFFQ69G5FAV", "prj-01ARZ3NDEKTSV4RRFFQ69G5FAV", "prj_01ARZ3NDEKTSV4RRFFQ69G5FA",
        "prj_01ARZ3NDEKTSV4RRFFQ69G5FAVX", "prj_01arz3ndektsv4rrffq69g5fav", "prj_81ARZ3NDEKTSV4RRFFQ69G5FAV",
        "prj_01ARZ3NDEKTSV4RRFFQ69G5FIL", "prj_01ARZ3NDEKTSV4RRFFQ69G5F\u{00C4}",
    ])
    func refuses(text: String) { #expect(ProjectID(text) == nil) }

    @Test func keepsEveryBitAndTheOrderOfItsText() throws {
        let texts = [
            "0" + String(repeating: "0", count: 25), "00000000000000FZZZZZZZZZZZ", "0ZZZZZZZZZZZZZG0000000000A",
            "7" + String(repeating: "Z", count: 25),
        ]
        let ids = try texts.map { try #require(ChunkID("chk_" + $0)) }
        #expect(ids.map(\.description) == texts.map { "chk_" + $0 })
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func isAVersion7UUID() throws {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        var value: UInt128 = 0
        for character in UserID(at: Timestamp(milliseconds: 0x0123_4567_89AB)).description.dropFirst(4) {
            value = value << 5 | UInt128(try #require(alphabet.firstIndex(of: character)))
        }
        #expect(value >> 80 == 0x0123_4567_89AB)
        #expect(value >> 76 & 0xF == 7)
        #expect(value >> 62 & 0x3 == 2)
    }

    @Test func codesAsItsText() throws {
        let id = ThreadID(at: Timestamp(milliseconds: 1))
        let data = try JSONEncoder().encode([id])
        #expect(String(decoding: data, as: UTF8.self) == "[\"\(id)\"]")
        #expect(try JSONDecoder().decode([ThreadID].self, from: data) == [id])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([UserID].self, from: data) }
    }
}
