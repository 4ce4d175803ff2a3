import DAMM
import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("damm curve")
struct CurveTests {
  private struct Listing: Decodable {
    struct Tick: Decodable, Equatable {
      let tick: Int
      let price: Double
      let liquidity: Double
      let a: Double
      let b: Double
    }
    let relativeSigma: Double
    let sigmaConvention: String?
    let sigma: Double
    let tickCount: Int
    let offeredA: Double
    let offeredB: Double
    let price: Double
    let tick: Int
    let ticks: [Tick]?
  }

  @Test("figures, chart and the ticks around the position, for a person")
  func overview() async throws {
    let run = try await DammProcess.run(["curve"] + DammProcess.example)
    #expect(run.status == 0)
    #expect(run.error.isEmpty)
    let cells = run.lines.map { $0.split(separator: " ").map(String.init) }
    #expect(cells.contains(["0", "100", "0.398936", "3.98936", "0.0398936", "<"]))
    #expect(cells.contains(["1", "100.01", "0.398896", "3.98916", "0.0398876"]))
    #expect(cells.contains(["relativeSigma", "0.01"]))
    for mark in ["▌", "█", "▲"] { #expect(run.output.contains(mark)) }
    #expect(!run.output.contains("\u{1B}"), "no colour unless on a terminal")
    #expect(run.lines.allSatisfy { $0.count <= 80 })
  }

  @Test("every tick as JSON has the bits of the curve in process")
  func ticksAsJSON() async throws {
    let run = try await DammProcess.run(["curve"] + DammProcess.example + ["--ticks", "--json"])
    let listing = try run.decoded(Listing.self)
    let curve = try Curves.example()
    #expect(listing.relativeSigma == 0.01)
    #expect(listing.sigmaConvention == nil)
    #expect(listing.sigma == 1)
    #expect(listing.tickCount == 1200)
    #expect(listing.offeredA == curve.offered.a)
    #expect(listing.offeredB == curve.offered.b)
    #expect((listing.price, listing.tick) == (100, 0))
    let expected = try (-600..<600).map { tick in
      let depth = try curve.depth(ofTick: tick)
      return Listing.Tick(
        tick: tick, price: depth.price, liquidity: depth.liquidity, a: depth.a, b: depth.b)
    }
    #expect(listing.ticks == expected)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let ticks = try #require(object["ticks"] as? [[String: Any]])
    #expect(ticks.allSatisfy { Set($0.keys) == ["tick", "price", "liquidity", "a", "b"] })
  }

  @Test("every tick in columns, in full precision")
  func ticksAsText() async throws {
    let run = try await DammProcess.run(["curve"] + DammProcess.example + ["--ticks"])
    let cells = run.lines.map { $0.split(separator: " ").map(String.init) }
    #expect(cells.first == ["tick", "price", "liquidity", "a", "b"])
    #expect(cells.count == 1201)
    let depth = try Curves.example().depth(ofTick: 25)
    let row = try #require(cells.first { $0[0] == "25" })
    #expect(row.dropFirst().map { Double($0) } == [depth.price, depth.liquidity, depth.a, depth.b])
  }

  @Test("wide volatility: fewer ticks below than above, and the convention is named")
  func wideVolatility() async throws {
    let options = [
      "curve", "--price", "3000", "--iv", "0.8", "--horizon-days", "30", "--reserve-a", "3e6",
      "--reserve-b", "1000",
    ]
    let listing = try await DammProcess.run(options + ["--json"]).decoded(Listing.self)
    #expect(listing.sigmaConvention == "proportional")
    #expect(listing.tickCount == 9999 + 13762)
    #expect(listing.ticks == nil)
    let text = try await DammProcess.run(options)
    #expect(text.output.contains("(from implied volatility, proportional)"))
  }

  @Test(
    "the SVG is well-formed, self-contained and small however many ticks there are",
    arguments: [
      [], ["--at", "101.005"], ["--tick-bps", "0.01", "--shape", "log-normal"],
      ["--shape", "uniform", "--tick-bps", "300", "--funding", "full"],
      ["--at", "94"], ["--at", "106"],
    ])
  func svg(_ options: [String]) async throws {
    try await TemporaryFolder.with { folder in
      let file = folder.appending(path: "depth.svg")
      let run = try await DammProcess.run(
        ["curve"] + DammProcess.example + options + ["--svg", file.path])
      #expect(run.status == 0)
      let data = try Data(contentsOf: file)
      let reader = SVGReader()
      let parser = XMLParser(data: data)
      parser.delegate = reader
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
      #expect(reader.root == "svg")
      #expect(reader.links == 0)
      #expect(reader.words.contains("position"))
      #expect(reader.words.contains("oracle price"))
      #expect(!reader.words.contains("nan") && !reader.words.contains("inf"))
      #expect(data.count < 40_000)
    }
  }

  @Test("a reader that goes away ends the command quietly")
  func brokenPipe() async throws {
    let options = DammProcess.example.joined(separator: " ")
    let run = try await DammProcess.shell(
      "\"$DAMM\" curve \(options) --tick-bps 0.1 --ticks | head -1")
    #expect(run.lines.count == 1)
    #expect(run.error.isEmpty)
    let ignoring = try await DammProcess.shell(
      "trap '' PIPE; \"$DAMM\" curve \(options) --tick-bps 0.1 --ticks | head -1")
    #expect(ignoring.lines.count == 1)
    #expect(ignoring.error.isEmpty)
  }
}

/// What the tests want to know of a drawing.
private final class SVGReader: NSObject, XMLParserDelegate {
  var root: String?
  var links = 0
  var words = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    root = root ?? name
    if attributes.keys.contains(where: { $0.hasSuffix("href") }) { links += 1 }
    words += attributes.values.joined(separator: " ") + " "
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) { words += text }
}
