// swift-tools-version: 6.2
import PackageDescription

/// The strictest compiler, set once for every target.
let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// A C library as a two-file system module; exactly one Swift module imports each (ARCHITECTURE.md).
func system(_ name: String, pkgConfig: String? = nil, apt: String? = nil) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: apt.map { [.apt([$0])] })
}

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// Vectors that a test target reads from its own folder by path.
let fixtures = [
    "ArchiveTests": ["Fixtures"], "BackendsTests": ["Fixtures"], "EndToEndTests": ["Fixtures"],
    "HashingTests": ["Fixtures"], "NodeStoreTests": ["Fixtures"], "ObjectModelTests": ["Fixtures"],
    "PlannerTests": ["Fixtures"],
]

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], path: "Tests/\(name)",
        exclude: fixtures[name] ?? [], swiftSettings: strict)
}

let package = Package(
    name: "aismove",
    products: [.executable(name: "aismove", targets: ["aismove"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        system("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
        system("CArchive", pkgConfig: "libarchive", apt: "libarchive-dev"),
        system("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        system("CLinux"),
        .target(
            name: "CBuildInfo",
            cSettings: Context.gitInformation.map {
                [.define("AISMOVE_COMMIT", to: "\"\($0.currentCommit.prefix(12))\"")]
            }),

        module("Hashing", ["CCrypto"]),
        module("Archive", ["CArchive"]),
        module("ObjectModel", ["Hashing"]),
        module("NodeStore", ["Hashing", "Archive", "ObjectModel", "CLinux"]),
        module("Backends", ["Hashing", "ObjectModel", "CCurl"]),
        module(
            "Planner",
            ["Hashing", "ObjectModel", "NodeStore", "Backends", .product(name: "Yams", package: "Yams")]),
        module("Mover", ["Hashing", "Archive", "ObjectModel", "NodeStore", "Backends", "Planner"]),
        .executableTarget(
            name: "aismove",
            dependencies: [
                "Hashing", "Archive", "ObjectModel", "NodeStore", "Backends", "Planner", "Mover", "CBuildInfo",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        tests("HashingTests", ["Hashing"]),
        tests("ArchiveTests", ["Archive"]),
        tests("ObjectModelTests", ["ObjectModel"]),
        tests("NodeStoreTests", ["NodeStore", "Hashing", "ObjectModel"]),
        tests("BackendsTests", ["Backends", "Hashing", "ObjectModel"]),
        tests("PlannerTests", ["Planner", "Backends", "NodeStore", "Hashing", "ObjectModel"]),
        tests("MoverTests", ["Mover", "Planner"]),
        tests("EndToEndTests", []),
        tests("HouseTests", []),
    ]
)
