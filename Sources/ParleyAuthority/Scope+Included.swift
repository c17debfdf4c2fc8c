/// What one permission includes of others. It is stated here alone, and a test holds it against what the roles allow.

extension ProjectScope<DocumentsWrite> {
    /// Whoever changes documents reads them.
    public var documentsRead: ProjectScope<DocumentsRead> { narrowed() }
}

extension ProjectScope<ThreadsUse> {
    /// An answer shows what the documents say.
    public var documentsRead: ProjectScope<DocumentsRead> { narrowed() }
    /// What an answer rests on is searched for.
    public var search: ProjectScope<Search> { narrowed() }
}

extension ProjectScope<EvaluationsUse> {
    /// Runs measure the search.
    public var search: ProjectScope<Search> { narrowed() }
    /// Runs begin with the project's settings.
    public var projectRead: ProjectScope<ProjectRead> { narrowed() }
    /// Runs ask for answers, and questions of threads are saved to sets.
    public var threadsUse: ProjectScope<ThreadsUse> { narrowed() }
}

extension ProjectScope<ProjectManage> {
    public var projectRead: ProjectScope<ProjectRead> { narrowed() }
    /// The gate of the settings runs question sets.
    public var evaluationsUse: ProjectScope<EvaluationsUse> { narrowed() }
}

extension ProjectScope {
    private func narrowed<Included: ProjectPermission>() -> ProjectScope<Included> { ProjectScope<Included>(principal, project) }
}
