import ArgumentParser
import ParleyApp

@main
struct Main {
    static func main() async { await ParleyCommand.main() }
}
