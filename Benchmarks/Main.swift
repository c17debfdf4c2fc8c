import Foundation

/// Measures the product and prints one table. Without arguments from `Benchmarks/run` it says what is missing.
@main
struct Benchmarks {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        do {
            switch arguments.first {
            case "serve-list": try await BareList.serve(file: arguments.dropFirst().first ?? "")
            case "serve-model": try await InstantModel.serve()
            default:
                var suite = try Suite(Options(arguments))
                try await suite.run()
            }
        } catch {
            FileHandle.standardError.write(Data("benchmarks: \(error)\n".utf8))
            exit(1)
        }
    }
}

/// Something that stops a measurement, in one sentence.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
