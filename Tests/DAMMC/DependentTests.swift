import CDAMM
import DAMM
import Foundation
import TestSupport
import Testing

/// A package of somebody else that depends on a version of this one, word for word as docs/linking.md
/// shows it.
@Suite struct DependentTests {
  @Test func aPackageByAddressAndVersion() async throws {
    let page = try LinkingPage()
    let swift = page.code("swift", in: "Swift")
    let shown = page.code("text", in: "Swift")
    try #require(swift.count == 2 && shown.count == 1)
    #expect(page.languages(in: "Swift") == ["swift", "text"])
    #expect(swift[0].contains("from: \"\(DAMM_VERSION)\""))

    try await TemporaryFolder.with { folder in
      // What a commit of this working tree would hold, tagged, in a repository of its own.
      let tagged = try await Shell.run(
        """
        unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY
        git init -q damm.git
        git() { command git --git-dir=damm.git/.git --work-tree="$ROOT" -c core.hooksPath=/dev/null \
          -c user.name=test -c user.email=test@example.org -c commit.gpgsign=false \
          -c tag.gpgsign=false "$@"; }
        git add -A
        git commit -qm test
        git tag \(DAMM_VERSION)
        """, in: folder, environment: ["ROOT": Files.root.path])
      try #require(tagged.status == 0, "\(tagged.error)")

      let sources = folder.appending(path: "quotes/Sources/quotes")
      try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
      let address = "https://example.org/damm.git"
      try #require(swift[0].contains(address))
      let manifest = swift[0].replacing(address, with: "file://\(folder.path)/damm.git")
      try Data(manifest.utf8).write(to: folder.appending(path: "quotes/Package.swift"))
      try Data(swift[1].utf8).write(to: sources.appending(path: "main.swift"))
      let run = try await Shell.run("swift run -q --package-path quotes quotes", in: folder)
      try #require(run.status == 0, "\(run.output.suffix(2_000)) \(run.error.suffix(2_000))")
      #expect(run.output == shown[0])
      // who links the kernel waits for no database
      let built = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "quotes/.build/debug/Modules").path)
      #expect(built.contains("DAMMKernel.swiftmodule"))
      #expect(!built.contains { $0.hasPrefix("GRDB") || $0.hasPrefix("DAMMStore") })
    }

    let lines = try expected()
    #expect(shown[0] == lines)
  }

  /// What the page's program must print.
  private func expected() throws -> String {
    let reading = try OracleReading(price: 3000, impliedVolatility: 0.8, horizonDays: 7)
    let table = try TickTable(CurveShape(relativeSigma: reading.relativeSigma))
    let curve = try Curve(
      table: table, oraclePrice: reading.price, reserves: Reserves(a: 3e6, b: 1000))
    return try [1, 10, 100].map { amount in
      let quote = curve.quote(try Order(.buy, .amount(amount)))
      return "\(quote.amountOut) B for \(quote.amountIn) A\n"
    }.joined()
  }
}
