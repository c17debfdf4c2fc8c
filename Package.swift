// swift-tools-version:6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, swiftSettings: settings)
}

let package = Package(
    name: "parley",
    products: [.executable(name: "parley", targets: ["parley"]), .library(name: "ParleyClient", targets: ["ParleyClient"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .executableTarget(
            name: "parley", dependencies: ["ParleyApp", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: settings),
        library(
            "ParleyApp",
            [
                "Accounts", "Library", "Retrieval", "Conversations", "Evaluation", "Notifications", "Backup", "Console", "ParleyHTTP",
                "ParleyJobs",
                "ParleyAuthority", "ParleyClient", "ParleyParsing", "CMalloc", "CCrash",
                "ParleyIndex", "ParleyInference", "ParleyDatabase", "ParleyRemote", "ParleyTelemetry", "ParleyCore",
                hummingbird, lifecycle, .product(name: "UnixSignals", package: "swift-service-lifecycle"), nioCore, logging, crypto,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Features
        library(
            "Evaluation",
            [
                "Conversations", "Retrieval", "Library", "Accounts", "ParleyHTTP", "ParleyJobs", "ParleyAuthority", "ParleyDatabase",
                "ParleyTelemetry", "ParleyCore", nioCore,
            ]),
        library(
            "Conversations",
            [
                "Retrieval", "Library", "Accounts", "ParleyHTTP", "ParleyJobs", "ParleyAuthority", "ParleyIndex", "ParleyInference",
                "ParleyDatabase", "ParleyTelemetry", "ParleyCore", lifecycle, logging, nioCore,
            ]),
        library(
            "Notifications",
            [
                "ParleyHTTP", "ParleyJobs", "ParleyAuthority", "ParleyRemote", "ParleyDatabase", "ParleyTelemetry", "ParleyCore", crypto,
                lifecycle, logging,
            ]),
        library(
            "Retrieval",
            [
                "Library", "ParleyHTTP", "ParleyJobs", "ParleyAuthority", "ParleyIndex", "ParleyInference", "ParleyDatabase",
                "ParleyTelemetry", "ParleyCore", lifecycle, logging,
            ]),
        library(
            "Library",
            [
                "Accounts", "ParleyParsing", "ParleyHTTP", "ParleyJobs", "ParleyAuthority", "ParleyDatabase", "ParleyTelemetry",
                "ParleyCore", crypto, nioCore, nioPosix,
            ]),
        library(
            "Accounts",
            [
                "CArgon2", "CZxcvbn", "ParleyHTTP", "ParleyJobs", "ParleyAuthority", "ParleyDatabase", "ParleyTelemetry", "ParleyCore",
                crypto, nioPosix,
            ]),
        .target(name: "Console", dependencies: ["CConsole", "ParleyHTTP"], exclude: ["Files"], swiftSettings: settings),

        library("Backup", ["CArgon2", "CFileSystem", "ParleyDatabase", "ParleyTelemetry", "ParleyCore", crypto, lifecycle, logging]),

        // Platform
        library(
            "ParleyHTTP",
            [
                "ParleyAuthority", "ParleyTelemetry", "ParleyCore", hummingbird, hummingbirdCore, lifecycle, nioCore, nioHTTP1,
                nioHTTPTypes,
                httpTypes, logging, crypto, "CZlib",
            ]),
        library("ParleyJobs", ["ParleyDatabase", "ParleyAuthority", "ParleyTelemetry", "ParleyCore", lifecycle, logging]),
        library("ParleyAuthority", ["ParleyCore"]),
        library("ParleyParsing", ["CZlib", "ParleyTelemetry", "ParleyCore", lifecycle, logging]),
        library("ParleyIndex", ["ParleyCore", "CVector", "CStemmer", "CLanguage"]),
        library(
            "ParleyInference", ["COpenVINO", "ParleyRemote", "ParleyTelemetry", "ParleyCore", hummingbird, lifecycle, logging, nioPosix]),
        library(
            "ParleyDatabase",
            [
                "CPostgres", "ParleyTelemetry", "ParleyCore", nioPosix, logging, crypto, .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        library("ParleyRemote", ["ParleyTelemetry", "ParleyCore", httpClient, nioCore, nioPosix, nioHTTP1, nioSSL, logging]),
        library("ParleyClient", ["ParleyCore", httpClient, nioCore, nioHTTP1]),
        library("ParleyTelemetry", ["ParleyCore", logging]),
        library("ParleyCore", ["CSpawn", .product(name: "Yams", package: "Yams")]),

        .executableTarget(
            name: "benchmarks", dependencies: ["ParleyInference", "ParleyCore", hummingbird, logging, nioCore], path: "Benchmarks",
            exclude: ["run", "answers", "languages", "contract.py", "Reference", "Questions"], swiftSettings: settings),

        // Tests
        library("ParleyTesting", ["ParleyAuthority", "ParleyDatabase", "ParleyIndex", "ParleyCore", logging]),
        tests("ParleyCore", []),
        tests("ParleyTelemetry", ["ParleyCore", logging]),
        tests("ParleyAuthority", ["ParleyTesting", "ParleyCore"]),
        tests("ParleyRemote", ["ParleyTelemetry", "ParleyCore", nioCore, nioPosix, nioHTTP1, nioSSL]),
        tests("ParleyDatabase", ["ParleyTesting", "ParleyCore", logging]),
        tests("ParleyJobs", ["ParleyTesting", "ParleyDatabase", "ParleyAuthority", "ParleyTelemetry", "ParleyCore", lifecycle, logging]),
        tests("ParleyIndex", ["ParleyTesting", "ParleyCore"]),
        tests("ParleyInference", ["ParleyTesting", "ParleyRemote", "ParleyTelemetry", "ParleyCore", lifecycle, logging]),
        tests(
            "ParleyHTTP", ["ParleyTesting", "ParleyAuthority", "ParleyTelemetry", "ParleyCore", hummingbird, lifecycle, nioCore, nioPosix]),
        tests("Accounts", ["ParleyTesting", "ParleyJobs", "ParleyAuthority", "ParleyDatabase", "ParleyCore"]),
        tests("ParleyParsing", ["ParleyTesting", "ParleyTelemetry", "ParleyCore", logging]),
        tests("Library", ["Accounts", "ParleyParsing", "ParleyTesting", "ParleyJobs", "ParleyDatabase", "ParleyCore", nioCore]),
        tests(
            "Retrieval",
            [
                "Library", "Accounts", "ParleyTesting", "ParleyJobs", "ParleyIndex", "ParleyInference", "ParleyDatabase", "ParleyTelemetry",
                "ParleyCore",
            ]),
        tests(
            "Conversations",
            [
                "Retrieval", "Library", "Accounts", "ParleyTesting", "ParleyIndex", "ParleyInference", "ParleyJobs", "ParleyAuthority",
                "ParleyHTTP", "ParleyDatabase", "ParleyCore",
            ]),
        tests("Evaluation", ["ParleyCore"]),
        tests("Backup", ["ParleyTesting", "ParleyDatabase", "ParleyTelemetry", "ParleyCore", crypto, lifecycle]),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "ParleyApp", "ParleyClient", "Accounts", "Notifications", "Backup", "Console", "ParleyHTTP", "ParleyJobs",
                "ParleyAuthority",
                "ParleyInference", "ParleyParsing", "Library",
                "ParleyDatabase", "ParleyRemote",
                "ParleyTelemetry", "ParleyCore", "ParleyTesting", hummingbird, httpClient, httpTypes, nioCore, nioHTTP1, logging, crypto,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        .target(name: "CConsole", cSettings: [.unsafeFlags(["-std=gnu23"])]),
        .target(name: "CVector"),
        .target(name: "CCrash"),
        .target(name: "CLanguage", linkerSettings: [.linkedLibrary("cld2")]),
        .target(name: "COpenVINO", linkerSettings: [.linkedLibrary("dl")]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CSpawn"),
        .systemLibrary(name: "CFileSystem"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CStemmer", providers: [.apt(["libstemmer-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CZxcvbn", providers: [.apt(["libzxcvbn-dev"])]),
    ]
)
