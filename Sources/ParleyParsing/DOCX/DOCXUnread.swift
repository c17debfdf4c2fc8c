/// Counts what a Word document holds beside text that is not read.
struct DOCXUnread {
    private var (pictures, charts, objects) = (0, 0, 0)

    mutating func see(_ name: String) {
        switch name {
        case "pic:pic", "v:imagedata": pictures += 1
        case "c:chart", "dgm:relIds": charts += 1
        case "o:OLEObject", "altChunk": objects += 1
        default: break
        }
    }

    var warnings: [String] {
        [(pictures, "Pictures"), (charts, "Charts and diagrams"), (objects, "Embedded objects")].compactMap { count, name in
            count == 0 ? nil : "\(name) were not read: \(count)."
        }
    }
}
