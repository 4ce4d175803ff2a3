import Foundation
import Testing
import TestSupport

/// The rules of the house that a compiler does not check.
@Suite struct HouseTests {
  /// What each module may import of this project; the same table as `docs/map.md`.
  private static let mayImport: [String: Set<String>] = [
    "DAMMModel": [],
    "DAMMKernel": ["DAMMModel", "CGSL", "CKernels"],
    "DAMMReference": ["DAMMModel", "CGSL"],
    "DAMMOracle": ["DAMMModel", "CKernels"],
    "DAMMFeeds": ["DAMMModel", "DAMMOracle", "CZlib"],
    "DAMMPool": ["DAMMModel", "DAMMKernel", "DAMMOracle"],
    "DAMMReplay": [
      "DAMMModel", "DAMMKernel", "DAMMOracle", "DAMMPool", "DAMMPrices", "DAMMShared", "DAMMFeeds",
    ],
    "DAMMPrices": ["DAMMModel", "CGSL"],
    "DAMMShared": ["DAMMModel", "DAMMKernel", "DAMMOracle", "DAMMPool", "DAMMPrices"],
    "DAMM": ["DAMMModel", "DAMMKernel", "DAMMOracle", "DAMMPool", "DAMMPrices", "DAMMShared"],
    "DAMMLedger": ["DAMMModel", "DAMMPool", "DAMMShared"],
    "DAMMStoreSQLite": ["DAMMModel", "DAMMLedger"],
    "DAMMStorePostgres": ["DAMMModel", "DAMMLedger", "CPQ"],
    "DAMMC": ["DAMM", "CDAMM"],
    "DAMMCommand": [
      "DAMM", "DAMMReference", "DAMMFeeds", "DAMMReplay", "DAMMLedger", "DAMMStoreSQLite",
      "DAMMStorePostgres", "CDAMM",
    ],
  ]
  private static let system: Set<String> = [
    "Foundation", "Glibc", "Darwin", "Musl", "Synchronization", "Dispatch",
  ]
  private static let packages: [String: Set<String>] = [
    "DAMMFeeds": ["FoundationNetworking"],
    "DAMMCommand": ["ArgumentParser", "SwiftCSV"],
    "DAMMStoreSQLite": ["GRDB", "GRDBSQLite"],
  ]

  private func files(under folder: String, _ kinds: Set<String>) throws -> [URL] {
    let root = Files.root.appending(path: folder)
    let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    return (all?.allObjects as? [URL] ?? []).filter { kinds.contains($0.pathExtension) }
  }

  private func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

  private func swiftSources() throws -> [(module: String, name: String, text: String)] {
    let depth = Files.root.appending(path: "Sources").pathComponents.count
    // the folder of the module, whatever folders it has itself
    return try files(under: "Sources", ["swift"]).map { url in
      (url.pathComponents[depth], url.lastPathComponent, try text(url))
    }
  }

  @Test func importsFollowTheMap() throws {
    let pattern = /^\s*(?:@\w+\s+)?(?:public |internal |package |private )?import (?:\w+ )?(\w+)/
    var seen: Set<String> = []
    for source in try swiftSources() {
      let allowed = try #require(Self.mayImport[source.module], "no row for \(source.module)")
      seen.insert(source.module)
      for line in source.text.split(separator: "\n") {
        guard let match = line.prefixMatch(of: pattern) else { continue }
        let name = String(match.1)
        let fine =
          allowed.contains(name) || Self.system.contains(name)
          || Self.packages[source.module, default: []].contains(name)
        #expect(fine, "\(source.module)/\(source.name) imports \(name)")
      }
    }
    #expect(seen == Set(Self.mayImport.keys))
  }

  /// What everyone links is small, and reads neither files nor networks.
  @Test func theKernelHasNoFoundation() throws {
    let modules = [
      "DAMMModel", "DAMMKernel", "DAMMOracle", "DAMMPool", "DAMMPrices", "DAMM",
    ]
    for source in try swiftSources() where modules.contains(source.module) {
      #expect(!source.text.contains("import Foundation"), "\(source.name)")
    }
  }

  @Test func theMapShowsTheHouse() throws {
    let map = try text(Files.root.appending(path: "docs/map.md"))
    for (module, imports) in Self.mayImport {
      let row = try #require(
        map.split(separator: "\n").first { $0.contains("`\(module)`") && $0.hasPrefix("|") },
        "docs/map.md has no row for \(module)")
      for name in imports { #expect(row.contains("`\(name)`"), "\(module) imports \(name)") }
    }
  }

  @Test func everyToleranceIsUsed() throws {
    let declared = try text(Files.root.appending(path: "Sources/DAMMModel/Tolerance.swift"))
    let tests = try files(under: "Tests", ["swift"]).map(text).joined()
    let command = try swiftSources().filter { $0.module == "DAMMCommand" }.map(\.text).joined()
    let numerics = try text(Files.root.appending(path: "docs/numerics.md"))
    let names = declared.matches(of: /static let (\w+) = Tolerance/).map { String($0.1) }
    #expect(names.count >= 10)
    for name in names {
      #expect(
        tests.contains("Tolerance.\(name)") || tests.contains(": .\(name)")
          || command.contains("(.\(name))"), "\(name) is not tested")
      #expect(numerics.contains("`\(name)`"), "docs/numerics.md does not name \(name)")
    }
  }

  @Test(arguments: [
    ("README.md", "ReadmeExample.swift"), ("docs/readings.md", "ReadingExample.swift"),
    ("docs/pool.md", "PoolExample.swift"), ("docs/price-functions.md", "PricesExample.swift"),
    ("docs/audit.md", "AuditExample.swift"), ("docs/shared-pool.md", "SharedPoolExample.swift"),
  ])
  func pagesShowExamplesThatRun(page: String, file: String) throws {
    let source = try text(Files.root.appending(path: "Tests/House/\(file)"))
    let readme = try text(Files.root.appending(path: page))
    let start = try #require(source.range(of: "// example\n"))
    let end = try #require(source.range(of: "// end\n"))
    let example = String(source[start.upperBound..<end.lowerBound])
    #expect(example.split(separator: "\n").count > 8)
    #expect(readme.contains("```swift\n" + example + "```"))
  }

  /// Formatting and documentation comments of every public symbol, by the tool that comes with Swift.
  @Test func formatAndDocumentation() throws {
    let lint = Process()
    lint.executableURL = URL(filePath: "/usr/bin/env")
    lint.arguments =
      [
        "swift", "format", "lint", "--strict", "--recursive", "--configuration",
        Files.root.appending(path: ".swift-format").path,
      ]
      + ["Sources", "Tests", "Benchmarks/Sources", "Benchmarks/Tests", "Package.swift"].map {
        Files.root.appending(path: $0).path
      }
    let pipe = Pipe()
    lint.standardError = pipe
    try lint.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    lint.waitUntilExit()
    #expect(lint.terminationStatus == 0, "\(output.prefix(2_000))")
  }

  @Test func filesHoldOneIdea() throws {
    let urls = try ["Sources", "Benchmarks/Sources"].flatMap {
      try files(under: $0, ["swift", "c", "h", "cpp"])
    }
    for url in urls {
      let lines = try text(url).split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(lines <= 400, "\(url.lastPathComponent) has \(lines) lines")
    }
  }

  @Test func noProductHasUnsafeFlags() throws {
    #expect(try !text(Files.root.appending(path: "Package.swift")).contains("unsafeFlags"))
  }

  @Test func contractionIsOffInEveryKernel() throws {
    // it would give other bits where the processor has a fused multiply-add
    let kernels = Files.root.appending(path: "Sources/CKernels")
    let lanes = try text(kernels.appending(path: "lanes.h"))
    #expect(lanes.contains("\n#pragma STDC FP_CONTRACT OFF\n"))
    #expect(try text(kernels.appending(path: "kernel_set.h")).contains("#include \"lanes.h\""))
    let sets = try files(under: "Sources/CKernels", ["c"]).filter {
      $0.lastPathComponent.hasPrefix("isa")
    }
    #expect(sets.count == 3)
    for url in sets { #expect(try text(url).contains("#include \"kernel_set.h\"")) }
  }
}
