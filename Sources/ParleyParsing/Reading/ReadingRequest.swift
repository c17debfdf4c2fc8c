import Foundation

/// What a reading process is asked for.
struct ReadingRequest: Sendable {
    var file: String
    var name: String?
    var limits: ParsingLimits

    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.write(file)
        writer.write(name)
        for limit in [
            limits.seconds, limits.memory, limits.outputBytes, limits.inflatedBytes, limits.textBytes, limits.textLength, limits.blocks,
            limits.pages, limits.nesting, limits.members,
        ] { writer.write(limit) }
        writer.write(limits.ocrLanguages.joined(separator: "+"))
        return writer.bytes
    }

    init(file: String, name: String?, limits: ParsingLimits) { (self.file, self.name, self.limits) = (file, name, limits) }

    /// - Throws: `ByteReader.Malformed`.
    init(_ bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        file = try reader.string()
        name = try reader.optionalString()
        limits = ParsingLimits()
        limits.seconds = try reader.int()
        limits.memory = try reader.int()
        limits.outputBytes = try reader.int()
        limits.inflatedBytes = try reader.int()
        limits.textBytes = try reader.int()
        limits.textLength = try reader.int()
        limits.blocks = try reader.int()
        limits.pages = try reader.int()
        limits.nesting = try reader.int()
        limits.members = try reader.int()
        limits.ocrLanguages = try reader.string().split(separator: "+").map(String.init)
    }
}
