import ParleyIndex

/// A language in which answers say something of themselves: that there is none, or that what is quoted may be none.
public enum AnswerLanguage: String, Sendable, Hashable, Codable, CaseIterable {
    case english = "en"
    case german = "de"
    case french = "fr"
    case spanish = "es"

    /// That of the question; English where it cannot be told, or is none of these.
    init(of question: String) {
        self = TextLanguage(of: question, likely: .english).flatMap { Self(rawValue: $0.code) } ?? .english
    }

    /// Nothing was found.
    var nothing: String {
        switch self {
        case .english: "The documents in this project hold nothing on this question."
        case .german: "Die Dokumente dieses Projekts enthalten nichts zu dieser Frage."
        case .french: "Les documents de ce projet ne contiennent rien sur cette question."
        case .spanish: "Los documentos de este proyecto no contienen nada sobre esta pregunta."
        }
    }

    /// What was found is no answer.
    var refusal: String {
        switch self {
        case .english: "The documents in this project do not seem to hold the answer to this question."
        case .german: "Die Dokumente dieses Projekts scheinen die Antwort auf diese Frage nicht zu enthalten."
        case .french: "Les documents de ce projet ne semblent pas contenir la réponse à cette question."
        case .spanish: "Los documentos de este proyecto no parecen contener la respuesta a esta pregunta."
        }
    }

    /// What stands above passages that may not answer.
    var nearest: String {
        switch self {
        case .english: "Nearest passages; these may not answer"
        case .german: "Die nächstliegenden Stellen; sie beantworten die Frage vielleicht nicht"
        case .french: "Les passages les plus proches ; ils ne répondent peut-être pas à la question"
        case .spanish: "Los pasajes más cercanos; puede que no respondan a la pregunta"
        }
    }

    /// What was looked through for an answer that should name all of something.
    func lookedThrough(passages: Int, documents: Int) -> String {
        func counted(_ count: Int, _ one: String, _ more: String) -> String { "\(count) \(count == 1 ? one : more)" }
        switch self {
        case .english:
            let (parts, wholes) = (counted(passages, "passage", "passages"), counted(documents, "document", "documents"))
            return "Looked through: \(parts) of \(wholes). Others may hold more."
        case .german:
            let (parts, wholes) = (counted(passages, "Stelle", "Stellen"), counted(documents, "Dokument", "Dokumenten"))
            return "Durchgesehen: \(parts) aus \(wholes). Andere können mehr enthalten."
        case .french:
            let (parts, wholes) = (counted(passages, "passage", "passages"), counted(documents, "document", "documents"))
            return "Parcouru : \(parts) de \(wholes). D’autres peuvent en contenir davantage."
        case .spanish:
            let (parts, wholes) = (counted(passages, "pasaje", "pasajes"), counted(documents, "documento", "documentos"))
            return "Revisado: \(parts) de \(wholes). Otros pueden contener más."
        }
    }
}
