public import ParleyCore

extension ErrorCode {
    public static let questionSetNotFound = Self("question_set.not_found", .notFound, "There is no such question set")
    public static let questionSetTaken = Self("question_set.name_taken", .conflict, "There is a question set of this name")
    public static let questionSetFull = Self("question_set.full", .conflict, "The question set is full")
    public static let questionNotFound = Self("question.not_found", .notFound, "There is no such question")
    public static let questionFileInvalid = Self("question_set.file_invalid", .unprocessable, "The file of questions cannot be read")
    public static let runNotFound = Self("run.not_found", .notFound, "There is no such run")
    public static let runNotComplete = Self("run.not_complete", .conflict, "The run is not complete")
    public static let runOfAnotherSet = Self("run.of_another_set", .conflict, "The run is over another question set")
    public static let runEmpty = Self("run.no_questions", .conflict, "The question set has no questions")
    public static let runActive = Self("run.active", .conflict, "The run is under way")
    public static let proposalNotFound = Self("settings.proposal_not_found", .notFound, "There is no such proposal")
    public static let gateRequired = Self("settings.gate_required", .conflict, "The settings are guarded by a gate")
    public static let gateFailed = Self("settings.gate_failed", .conflict, "The settings did not pass the gate")
    public static let gateOff = Self("settings.gate_off", .conflict, "The project has no gate")
    public static let gateStale = Self("settings.gate_stale", .conflict, "The gate's baseline was measured with other models")
    public static let proposalStale = Self("settings.proposal_stale", .conflict, "The settings were changed since")
    public static let feedbackNotFound = Self("feedback.not_found", .notFound, "There is no such feedback")
}
