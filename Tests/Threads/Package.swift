// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because all of a build has the thread sanitizer or none of it. What the threads do
// is that of the tests, by links.
let package = Package(
  name: "damm-threads",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "damm", path: "../..")],
  targets: [
    .executableTarget(
      name: "damm-threads", dependencies: [.product(name: "DAMM", package: "damm")],
      path: "Program")
  ],
  swiftLanguageModes: [.v6]
)
