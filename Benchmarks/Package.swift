// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that what benchmarks need reaches nobody who links the library.
let package = Package(
  name: "damm-benchmarks",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "damm-bench", targets: ["DAMMBench"])],
  dependencies: [.package(name: "damm", path: "..")],
  targets: [
    .executableTarget(
      name: "DAMMBench", dependencies: [.product(name: "DAMM", package: "damm")])
  ],
  swiftLanguageModes: [.v6]
)
