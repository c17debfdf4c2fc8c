/// What a text file's name says of it. Names are hints: they decide between kinds of text that look alike.
enum TextName {
    case markdown, html
    /// Source code, settings and data whose lines and indentation count.
    case code
    /// Lines that are records: logs, subtitles, lists of contacts.
    case lines
    /// A table with a sign between its cells.
    case table
    /// A text to be read.
    case prose
    case unknown

    init(_ name: String?) {
        let name = (name ?? "").lowercased()
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex, !Self.codeNames.contains(name) else {
            self = Self.codeNames.contains(name) ? .code : .unknown
            return
        }
        self = Self.kinds[String(name[name.index(after: dot)...])] ?? .unknown
    }

    private static let codeNames: Set<String> = [
        "makefile", "dockerfile", "containerfile", "jenkinsfile", "cmakelists.txt", "vagrantfile", "gemfile", "rakefile", "procfile",
        ".env", ".gitignore",
        ".bashrc", ".editorconfig",
    ]

    private static let kinds: [String: TextName] = {
        let lists: [(TextName, String)] = [
            (.markdown, "md markdown mdown mkd mkdn mdx qmd rmd"), (.html, "html htm xhtml"), (.prose, "txt text rst adoc asciidoc org"),
            (.lines, "log out err srt vtt ics vcf jsonl ndjson po"), (.table, "csv tsv tab psv"),
            (
                .code,
                """
                py pyi js mjs cjs jsx ts tsx java kt kts scala groovy swift c h cc cpp cxx hpp hh m mm cs fs vb go rs rb php pl pm lua r jl dart \
                ex exs erl hs ml clj el lisp f90 pas asm s sh bash zsh fish ps1 bat cmd sql proto graphql thrift css scss sass less vue svelte \
                zig nim d ada adb ads cob cbl f for f77 f95 tcl vhd vhdl sv sol cu cuh jsonc hjson ron bzl ksh csh awk sed styl astro \
                json json5 yaml yml toml ini cfg conf config properties env xml xsd xsl svg plist gradle cmake mk tf hcl nix diff patch lock
                """
            ),
        ]
        return Dictionary(lists.flatMap { kind, names in names.split(whereSeparator: \.isWhitespace).map { (String($0), kind) } }) {
            first, _ in first
        }
    }()
}
