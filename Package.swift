// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "damm",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "DAMM", targets: ["DAMM"]),
    .library(name: "DAMMFeeds", targets: ["DAMMFeeds"]),
    .library(name: "DAMMReplay", targets: ["DAMMReplay"]),
    .library(name: "DAMMPrices", targets: ["DAMMPrices"]),
    .library(name: "DAMMShared", targets: ["DAMMShared"]),
    .library(name: "DAMMLedger", targets: ["DAMMLedger"]),
    // each with a database, for which nobody else has to wait
    .library(name: "DAMMStoreSQLite", targets: ["DAMMStoreSQLite"]),
    .library(name: "DAMMStorePostgres", targets: ["DAMMStorePostgres"]),
    // for `make lib`, which makes libdamm of the static one
    .library(name: "DAMMC", type: .static, targets: ["DAMMC"]),
    .library(name: "DAMMCDynamic", type: .dynamic, targets: ["DAMMC"]),
    .library(name: "DAMMReference", targets: ["DAMMReference"]),
    .executable(name: "damm", targets: ["DAMMCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CGSL", pkgConfig: "gsl",
      providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
    .systemLibrary(
      name: "CPQ", pkgConfig: "libpq",
      providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(
      name: "CKernels",
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "DAMMModel"),
    .target(name: "DAMMOracle", dependencies: ["DAMMModel", "CKernels"]),
    .target(name: "DAMMKernel", dependencies: ["DAMMModel", "CKernels", "CGSL"]),
    .target(name: "DAMMReference", dependencies: ["DAMMModel", "CGSL"]),
    .target(name: "DAMMFeeds", dependencies: ["DAMMModel", "DAMMOracle", "CZlib"]),
    .target(name: "DAMMPool", dependencies: ["DAMMModel", "DAMMKernel", "DAMMOracle"]),
    .target(name: "DAMMPrices", dependencies: ["DAMMModel", "CGSL"]),
    .target(
      name: "DAMMShared",
      dependencies: ["DAMMModel", "DAMMKernel", "DAMMOracle", "DAMMPool", "DAMMPrices"]),
    .target(
      name: "DAMMReplay",
      dependencies: [
        "DAMMModel", "DAMMKernel", "DAMMOracle", "DAMMPool", "DAMMPrices", "DAMMShared",
        "DAMMFeeds",
      ]),
    .target(name: "DAMMLedger", dependencies: ["DAMMModel", "DAMMPool", "DAMMShared"]),
    .target(
      name: "DAMMStoreSQLite",
      dependencies: [
        "DAMMModel", "DAMMLedger", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    .target(name: "DAMMStorePostgres", dependencies: ["DAMMModel", "DAMMLedger", "CPQ"]),
    .target(
      name: "DAMM",
      dependencies: [
        "DAMMModel", "DAMMKernel", "DAMMOracle", "DAMMPool", "DAMMPrices", "DAMMShared",
      ]),
    .target(name: "CDAMM"),
    .target(name: "DAMMC", dependencies: ["DAMM", "CDAMM"]),
    .executableTarget(
      name: "DAMMCommand",
      dependencies: [
        "DAMM", "DAMMReference", "DAMMFeeds", "DAMMReplay", "DAMMLedger", "DAMMStoreSQLite",
        "DAMMStorePostgres", "CDAMM",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ]),
    .target(
      name: "TestSupport", dependencies: ["DAMMModel", "DAMMKernel", "DAMMPool"],
      path: "Tests/Support"),
    .testTarget(name: "DAMMModelTests", dependencies: ["DAMMModel"], path: "Tests/DAMMModel"),
    .testTarget(
      name: "DAMMKernelTests",
      dependencies: ["DAMMKernel", "CKernels", "DAMMOracle", "TestSupport"],
      path: "Tests/DAMMKernel"),
    .testTarget(
      name: "DAMMReferenceTests", dependencies: ["DAMMReference", "TestSupport"],
      path: "Tests/DAMMReference"),
    .testTarget(
      name: "DAMMOracleTests", dependencies: ["DAMMOracle", "TestSupport"],
      path: "Tests/DAMMOracle"),
    .testTarget(
      name: "DAMMFeedsTests",
      dependencies: ["DAMMFeeds", "DAMMOracle", "CZlib", "TestSupport"],
      path: "Tests/DAMMFeeds"),
    .testTarget(
      name: "DAMMPoolTests",
      dependencies: ["DAMMPool", "DAMMKernel", "DAMMOracle", "DAMMPrices", "TestSupport"],
      path: "Tests/DAMMPool"),
    .testTarget(
      name: "DAMMPricesTests",
      dependencies: ["DAMMPrices", "DAMMPool", "DAMMKernel", "DAMMModel", "TestSupport"],
      path: "Tests/DAMMPrices"),
    .testTarget(
      name: "DAMMSharedTests",
      dependencies: [
        "DAMMShared", "DAMMPool", "DAMMPrices", "DAMMKernel", "DAMMModel", "TestSupport",
      ],
      path: "Tests/DAMMShared"),
    .testTarget(
      name: "DAMMReplayTests",
      dependencies: ["DAMMReplay", "DAMMFeeds", "DAMMShared", "TestSupport"],
      path: "Tests/DAMMReplay"),
    .testTarget(
      name: "DifferentialTests",
      dependencies: ["DAMMKernel", "DAMMReference", "TestSupport", "CGSL"],
      path: "Tests/Differential"),
    .testTarget(
      name: "GoldenTests",
      dependencies: [
        "DAMMKernel", "DAMMOracle", "DAMMReference", "TestSupport",
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ],
      path: "Tests/Golden"),
    .testTarget(
      name: "CommandTests",
      dependencies: ["DAMMCommand", "DAMM", "DAMMFeeds", "CZlib", "TestSupport"],
      path: "Tests/DAMMCommand"),
    .testTarget(
      name: "DAMMCTests", dependencies: ["DAMMC", "CDAMM", "DAMM", "TestSupport"],
      path: "Tests/DAMMC", exclude: ["Program"]),
    .target(
      name: "LedgerSupport",
      dependencies: ["DAMMLedger", "DAMMStoreSQLite", "DAMMStorePostgres", "TestSupport"],
      path: "Tests/LedgerSupport"),
    .executableTarget(
      name: "LedgerWorker", dependencies: ["DAMMLedger", "LedgerSupport"],
      path: "Tests/LedgerWorker"),
    .testTarget(
      name: "DAMMLedgerTests",
      dependencies: [
        "DAMM", "DAMMLedger", "DAMMStoreSQLite", "DAMMStorePostgres", "LedgerSupport",
        "LedgerWorker", "DAMMCommand", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      path: "Tests/DAMMLedger"),
    .testTarget(
      name: "HouseTests", dependencies: ["DAMM", "DAMMFeeds", "TestSupport"], path: "Tests/House"),
  ],
  swiftLanguageModes: [.v6]
)
