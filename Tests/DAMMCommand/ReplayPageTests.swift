import Foundation
import TestSupport
import Testing

@Suite("the page of damm replay")
struct ReplayPageTests {
  /// A page of a run, and its JSON.
  private func page<Result>(
    _ kind: ReplayRun, _ body: (URL, [String: Any]) async throws -> Result
  ) async throws -> Result {
    try await TemporaryFolder.with { folder in
      let file = folder.appending(path: "page.html")
      let run = try await kind.run(["--html", file.path, "--json"])
      #expect(run.status == 0, "\(run.error)")
      return try await body(file, try run.object())
    }
  }

  @Test(
    "needs nothing else, has words for every drawing and no broken path",
    arguments: ReplayRun.allCases)
  func structure(_ kind: ReplayRun) async throws {
    try await page(kind) { file, _ in
      let text = try String(contentsOf: file, encoding: .utf8)
      for reference in ["http", "src=", "href=", "@import", "url(", "<link", "//"] {
        #expect(!text.contains(reference), "\(reference)")
      }
      #expect(text.contains("<title>Replay of "))
      #expect(text.contains("name=\"viewport\"") && text.contains("prefers-color-scheme:dark"))
      let drawings = text.matches(
        of: /<svg [^>]*role="img"[^>]*aria-labelledby="(\S+) (\S+)">(.*?)<\/svg>/
          .dotMatchesNewlines())
      let figures = text.matches(of: /<figure class="plot" id="(\S+)"/).map { String($0.1) }
      #expect(drawings.count == figures.count && Set(figures).count == figures.count)
      for drawing in drawings {
        #expect(drawing.3.contains(try Regex("<title id=\"\(drawing.1)\">.+</title>")))
        #expect(drawing.3.contains(try Regex("<desc id=\"\(drawing.2)\">.{20,}</desc>")))
      }
      let needed =
        [
          "price", "worth", "value", "losses", "liquidity", "depth", "slippage", "offered",
          "volatility",
        ]
        + (kind == .markets ? ["health"] : [])
      #expect(Set(figures) == Set(needed))
      let paths = text.matches(of: #/ d="([^"]*)"/#)
      #expect(paths.count > 30)
      for path in paths {
        #expect(path.1.wholeMatch(of: /[MLHVZh0-9 .\-]*/) != nil, "\(path.1.prefix(80))")
      }
      #expect(!text.lowercased().contains(/\bnan\b|\binf\b/))
    }
  }

  @Test("lines end where the figures do: what is drawn is read back", arguments: ReplayRun.allCases)
  func drawnValues(_ kind: ReplayRun) async throws {
    try await page(kind) { file, json in
      let text = try String(contentsOf: file, encoding: .utf8)
      let expected: [(figure: String, line: String, path: String, factor: Double)] = [
        ("price", "tick pool", "figures.pool.end.price", 1),
        ("price", "market", "figures.endPrice", 1),
        ("worth", "tick pool", "summary.pool.advantage", 100),
        ("worth", "constant product", "summary.product.advantage", 100),
        ("worth", "recorded pool", "summary.recorded.advantage", 100),
        ("value", "holding", "summary.heldValue", 1),
        ("value", "tick pool", "summary.pool.value", 1),
        ("losses", "fees", "summary.pool.paidFees", 1),
        ("losses", "LVR, measured", "summary.pool.measuredLoss", 1),
        ("losses", "LVR, predicted", "summary.pool.predictedLoss", 1),
        ("losses", "LVR, realised moves", "summary.pool.realisedLoss", 1),
        ("offered", "on offer", "figures.pool.end.offered", 100),
        ("health", "health", "figures.pool.end.health", 1),
      ]
      var read = 0
      for (figure, line, path, factor) in expected {
        guard let number = json.number(path), text.contains("id=\"\(figure)\"") else { continue }
        let pattern = try Regex(
          "id=\"\(figure)\" [^>]*data-y=\"linear (\\S+) (\\S+)\".*?data-n=\"\(line)\" d=\"([^\"]*)\"",
          as: (Substring, Substring, Substring, Substring).self
        ).dotMatchesNewlines()
        let found = try #require(text.firstMatch(of: pattern), "\(figure), \(line)")
        let (low, high) = (try #require(Double(found.1)), try #require(Double(found.2)))
        let last = try #require(found.3.split(separator: "L").last?.split(separator: " ").last)
        let value = low + (high - low) * (1 - (try #require(Double(last))) / 500)
        // coordinates have hundredths of 500
        #expect(
          abs(value - number * factor) <= (high - low) * 1.1e-5, "\(figure), \(line): \(value)")
        read += 1
      }
      #expect(read >= (kind == .path ? 10 : 11))
    }
  }

  @Test(
    "in a browser: light and dark, wide and narrow, nothing overlaps, is cut or empty",
    arguments: ReplayRun.allCases, Browser.View.all)
  func browser(_ kind: ReplayRun, _ view: Browser.View) async throws {
    if Browser.isMissing { return }
    try await page(kind) { file, _ in
      let (probe, said) = try await Browser.answer(
        of: file, view, script: PageProbe.script, as: PageProbe.self)
      #expect(probe.faults.isEmpty)
      #expect(!said.contains("CONSOLE"), "\(said)")
      #expect(probe.innerWidth == view.width && probe.scrollWidth <= view.width)
      #expect(probe.isDark == view.isDark)
      #expect(probe.problems.isEmpty)
      #expect(probe.figures >= 9 && probe.labels >= 6 * probe.figures)
      let worth = try #require(probe.tips.first { $0.hasPrefix("worth: 20") }, "\(probe.tips)")
      #expect(worth.contains("; tick pool: ") && worth.contains("; constant product: "))

      let picture = try await Browser.picture(of: file, view)
      #expect(picture.width == view.width && picture.height == view.height)
      // the card that the drawings lie on, and the colours of the lines and of the text
      #expect([0xFFFFFF, 0xFBFCFD, 0x181F27, 0x11161C].contains(picture.commonest))
      let colours =
        view.isDark
        ? [0x181F27, 0x5CB6F5, 0xF29A4A, 0xE8EDF2] : [0xFFFFFF, 0x0067B1, 0xC04F00, 0x17212B]
      for colour in colours {
        #expect(
          picture.count(colour) > 300, "\(String(colour, radix: 16)): \(picture.count(colour))")
      }
      let others = view.isDark ? [0xFFFFFF, 0x0067B1] : [0x181F27, 0x5CB6F5]
      for colour in others { #expect(picture.count(colour) < 100, "\(String(colour, radix: 16))") }
    }
  }

  @Test("the name of a file is text in the page, whatever it is")
  func hostileName() async throws {
    try await TemporaryFolder.with { folder in
      let file = folder.appending(path: "<b>&\"day\".csv")
      try FileManager.default.copyItem(at: URL(filePath: ReplayRun.demo("prices.csv")), to: file)
      let page = folder.appending(path: "page.html")
      let run = try await DammProcess.run(["replay", file.path, "--html", page.path])
      #expect(run.status == 0 && run.output.contains("<b>&\"day\".csv"))
      let text = try String(contentsOf: page, encoding: .utf8)
      #expect(!text.contains("<b>&") && text.contains("&lt;b&gt;&amp;&quot;day&quot;.csv"))
    }
  }

  @Test("the browser's picture and probe find what is wrong")
  func faultyPage() async throws {
    if Browser.isMissing { return }
    let view = Browser.View(width: 390, height: 6500, isDark: false)
    try await page(.day) { file, _ in
      let text = try String(contentsOf: file, encoding: .utf8)
      func problems(_ from: String, _ to: String) async throws -> PageProbe {
        #expect(text.contains(from))
        try text.replacing(from, with: to).write(to: file, atomically: true, encoding: .utf8)
        return try await Browser.answer(
          of: file, view, script: PageProbe.script, as: PageProbe.self
        ).answer
      }
      // labels that stay where there is no room, a drawing wider than the page, a script that fails
      let crowded = try await problems(".m,.cl{display:none}", ".xa span{font-size:19px}")
      #expect(crowded.problems.contains { $0.contains("over another") })
      let wide = try await problems("main{max-width:1120px", "main{min-width:500px")
      #expect(wide.scrollWidth > 390)
      let broken = try await problems("\"use strict\";", "\"use strict\";missing();")
      #expect(!broken.faults.isEmpty)
      #expect(broken.problems.contains { $0.contains("nothing under the pointer") })
      let over = try await problems(
        ".xa{grid-column:2;position:relative;", ".xa{grid-column:2;position:relative;top:-30px;")
      #expect(over.problems.contains { $0.contains("over the drawing") })
    }
  }
}
