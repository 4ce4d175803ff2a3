// swift-tools-version: 6.2
import PackageDescription

/// How the peers are compiled; what they were compiled with is also what the report prints.
let peerFlags = ["-O3", "-march=native"]

// A package of its own, so that what benchmarks need reaches nobody who links the library.
let package = Package(
  name: "damm-benchmarks",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "damm-bench", targets: ["DAMMBench"])],
  dependencies: [
    .package(name: "damm", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .target(
      name: "CPeers",
      cSettings: [
        .unsafeFlags(peerFlags),
        .define("PEER_FLAGS", to: "\"\(peerFlags.joined(separator: " "))\""),
      ],
      cxxSettings: [.unsafeFlags(peerFlags)],
      linkerSettings: [
        .linkedLibrary("gsl"), .linkedLibrary("gslcblas"),
        .linkedLibrary("m", .when(platforms: [.linux])),
        .linkedLibrary("dl", .when(platforms: [.linux])),
      ]),
    .target(name: "CMachine", cSettings: [.define("_GNU_SOURCE")]),
    .executableTarget(
      name: "DAMMBench",
      dependencies: [
        "CPeers", "CMachine",
        .product(name: "DAMM", package: "damm"),
        .product(name: "DAMMReference", package: "damm"),
        .product(name: "DAMMReplay", package: "damm"),
        .product(name: "DAMMLedger", package: "damm"),
        .product(name: "DAMMStoreSQLite", package: "damm"),
        .product(name: "DAMMStorePostgres", package: "damm"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "DAMMBenchTests", dependencies: ["DAMMBench", "CMachine"], path: "Tests/DAMMBench"),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
