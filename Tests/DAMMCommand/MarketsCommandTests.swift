import DAMM
import Foundation
import Testing
import TestSupport

@Suite("damm markets")
struct MarketsCommandTests {
  private struct Answer: Decodable {
    struct Path: Decodable {
      let startPrice: Double
      let finalPrice: Double
      let steps: Int
    }
    struct Row: Decodable {
      let markets: Int
      let impermanentLoss: Double
      let formula: Double
      let health: Double
      let formulaHealth: Double
      let refused: Int
    }
    struct Growth: Decodable {
      let rows: [Row]
      let slope: Double?
      let formulaSlope: Double
    }
    struct Sample: Decodable {
      let step: Int
      let health: Double
    }
    struct Pool: Decodable {
      let capital: Double
      let floor: Double?
    }
    struct Market: Decodable {
      let fees: Double
      let reforms: Int
    }
    struct AtFloor: Decodable {
      let health: Double
      let impermanentLoss: Double
    }
    let pool: Pool
    let path: Path
    let markets: Int
    let fees: Double
    let feesPerCapital: Double
    let volume: Double
    let impermanentLoss: Double
    let leastHealth: Double
    let finalHealth: Double
    let applied: Int
    let refused: [String: Int]
    let oversubscribedSteps: Int
    let unsettledMarkets: Int
    let floorUp: AtFloor?
    let perMarket: [Market]
    let samples: [Sample]
    let growth: Growth?
  }

  private func answer(_ arguments: [String]) async throws -> Answer {
    let run = try await DammProcess.run(["markets"] + arguments + ["--json"])
    #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
    return try run.decoded(Answer.self)
  }

  @Test("the loss is linear in the number of markets, its slope that of the formula")
  func linear() async throws {
    let answer = try await answer(["--to", "16"])
    let growth = try #require(answer.growth)
    #expect(growth.rows.map(\.markets) == Array(1...16))
    // of the specification, by the price itself: fees leave markets beside it
    let u = (answer.path.finalPrice / answer.path.startPrice).squareRoot()
    let single = -(u - 1) * (u - 1) / (1 + u * u)
    #expect(single < -5e-4, "the path hardly moved")
    let slope = try #require(growth.slope)
    #expect(abs(slope / single - 1) < 0.01)
    #expect(abs(growth.formulaSlope / single - 1) < 0.01)
    for row in growth.rows {
      #expect(row.refused == 0)
      #expect(abs(row.impermanentLoss / (Double(row.markets) * slope) - 1) < 1e-6)
      #expect(abs(row.impermanentLoss / row.formula - 1) < 1e-6)
      #expect(abs(row.health - row.formulaHealth) < 1e-6)
    }
    // the floor holds while 16 promise the same
    #expect(answer.leastHealth >= 0.9 && answer.refused.values.reduce(0, +) > 0)
  }

  @Test("the defaults show something in a moment, within 100 columns")
  func defaults() async throws {
    let run = try await DammProcess.run(["markets"])
    #expect(run.status == 0 && run.error.isEmpty)
    for words in [
      "constant-product, a fee of 30 bp", "floor 0.9, 0.01 a day and market", "of the capital",
      "Health factor, step by step", "slope of the loss", "impermanent loss", "oversubscribed",
    ] { #expect(run.output.contains(words), "\(words)") }
    #expect(run.lines.allSatisfy { $0.count <= 100 })
    let answer = try await answer([])
    #expect(answer.markets == 8 && answer.pool.capital == 6e6 && answer.path.steps == 168)
    #expect(answer.samples.count == 169 && answer.samples[168].health == answer.finalHealth)
    #expect(answer.samples.map(\.health).min() == answer.leastHealth)
    #expect(answer.growth?.rows.map(\.markets) == [1, 2, 4, 8])
    #expect(abs(answer.fees - answer.perMarket.reduce(0) { $0 + $1.fees }) < 1e-6)
    #expect(abs(answer.feesPerCapital * 6e6 - answer.fees) < 1e-6)
    #expect(abs((answer.floorUp?.health ?? 0) - 0.9) < 1e-12)
  }

  @Test("docs/shared-pool.md shows what it prints")
  func page() async throws {
    let page = try String(
      contentsOf: Files.root.appending(path: "docs/shared-pool.md"), encoding: .utf8)
    let run = try await DammProcess.run(["markets"])
    #expect(page.contains("```text\n$ damm markets\n" + run.output + "```"))
  }

  @Test("each option does something")
  func options() async throws {
    let usual = try await answer(["--markets", "4"])
    #expect(usual.growth == nil && usual.markets == 4)
    let free = try await answer(["--markets", "4", "--no-limits"])
    #expect(free.pool.floor == nil && free.floorUp == nil)
    for (arguments, differs) in [
      (["--correlation", "0.5"], { (a: Answer) in a.fees != usual.fees }),
      (["--noise-volume", "1e6"], { a in a.volume > usual.volume + 1e7 }),
      (["--settle-every", "24"], { a in a.applied < usual.applied }),
      (["--seed", "7"], { a in a.path.finalPrice != usual.path.finalPrice }),
      (["--volatility", "1.2"], { a in a.path.finalPrice != usual.path.finalPrice }),
      (["--days", "14"], { a in a.path.finalPrice != usual.path.finalPrice }),
      (["--steps", "20"], { a in a.path.steps == 20 }),
      (["--price", "2"], { a in a.path.startPrice == 2 && a.pool.capital == 6e6 }),
      (["--reserve-a", "5000"], { a in abs(a.pool.capital - 10_000) < 1e-6 }),
      (["--fee-bps", "5"], { a in a.volume > usual.volume }),
      (["--floor", "0.99"], { a in (a.refused["floor"] ?? 0) > 0 && a.leastHealth >= 0.99 }),
      (["--allowance", "0.0001"], { a in (a.refused["allowance"] ?? 0) > 0 }),
      (["--curve", "ticks"], { a in a.impermanentLoss < 2 * usual.impermanentLoss }),
    ] as [([String], (Answer) -> Bool)] {
      #expect(differs(try await answer(["--markets", "4"] + arguments)), "\(arguments)")
    }
    let ticks = ["--markets", "2", "--curve", "ticks", "--horizon-days", "3", "--fee-bps", "5"]
    let reforming = try await answer(ticks + ["--reform-bps", "200"])
    #expect(reforming.perMarket.allSatisfy { $0.reforms > 0 })
    let wide = try await answer(ticks + ["--shape", "uniform", "--k", "3", "--tick-bps", "10"])
    #expect(wide.fees != reforming.fees)
    // promised more than there is: seven days up by a third, settled once
    let blind = [
      "--markets", "16", "--no-limits", "--volatility", "1.5", "--settle-every", "200",
    ]
    let promised = try await answer(blind + ["--ignore-room"])
    #expect(promised.oversubscribedSteps > 0 && (promised.refused["insufficient"] ?? 0) > 0)
    #expect(promised.unsettledMarkets > 0)
    // credits keep lots for each, which others then cannot take
    let sure = try await answer(blind + ["--ignore-room", "--credit", "0.05"])
    #expect(sure.leastHealth > promised.leastHealth && sure.applied < promised.applied)
  }

  @Test("files of prices and of readings are followed")
  func files() async throws {
    let readings = Files.root.appending(path: "data/demo/readings.csv").path
    for arguments in [["--readings", readings], ["--prices", readings, "--volatility", "0.5"]] {
      for curve in ["constant-product", "ticks"] {
        let answer = try await answer(arguments + ["--curve", curve, "--markets", "1,3"])
        #expect(answer.path.startPrice == 2281.4 && answer.path.steps == 6)
      }
    }
  }

  @Test("an SVG file is written, whole")
  func chart() async throws {
    try await TemporaryFolder.with { folder in
      for (name, counts) in [("one.svg", "4"), ("two.svg", "1,2,4")] {
        let file = folder.appending(path: name)
        let run = try await DammProcess.run(["markets", "--markets", counts, "--svg", file.path])
        #expect(run.status == 0)
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.hasPrefix("<?xml") && text.hasSuffix("</svg>\n") && !text.contains("nan"))
        #expect(text.contains("health factor, 4 markets"))
        #expect(text.contains("impermanent loss without limits") == (counts != "4"))
        #expect(text.count { $0 == "<" } == text.count { $0 == ">" })
        #expect(try XMLDocumentCheck.parses(text))
      }
      let missing = folder.appending(path: "no/folder.svg").path
      let run = try await DammProcess.run(["markets", "--markets", "1", "--svg", missing])
      #expect(run.status == 1 && run.error.contains("cannot be written"))
    }
  }

  @Test(
    "refused values",
    arguments: [
      (["--markets", "x"], 1, "number of markets is 'x', but it must be a whole number from 1 to"),
      (["--markets", ""], 1, "number of markets is ''"),
      (["--markets", "0"], 1, "number of markets is '0'"),
      (["--markets", "2,2"], 1, "has 2 twice"),
      (["--to", "0"], 1, "number of markets is 0, but it must be a whole number from 1 to"),
      (["--to", "2", "--markets", "2"], 64, "Give either --markets or --to"),
      (["--steps", "0"], 1, "steps of a path is 0"),
      (["--days", "-1"], 1, "days of a path is -1.0"),
      (["--days", "1", "--steps", "1000000"], 1, "seconds of a step is 0"),
      (["--price", "nan"], 1, "price is nan"),
      (["--volatility", "0"], 1, "volatility is 0.0"),
      (["--correlation", "2"], 1, "correlation of paths is 2.0"),
      (["--reserve-a", "0"], 1, "reserve"),
      (["--fee-bps", "-1"], 1, "fee in basis points is -1.0"),
      (["--settle-every", "0"], 1, "steps from settlement to settlement is 0"),
      (["--noise-volume", "-1"], 1, "noise volume is -1.0"),
      (["--credit", "1.5"], 1, "credit as a part of the deposit is 1.5"),
      (["--credit", "0.2"], 1, "credits of"),
      (["--floor", "1.1"], 1, "floor of the health factor is 1.1"),
      (["--allowance", "-0.1"], 1, "daily allowance of a market is -0.1"),
      (["--curve", "ticks", "--reform-bps", "0"], 1, "reform deviation in basis points is 0.0"),
      (
        ["--curve", "ticks", "--reform-bps", "9", "--fee-bps", "0"], 1,
        "a pool that reforms needs at least"
      ),
      (["--prices", "nowhere.csv"], 1, "nowhere.csv"),
      (["--prices", "a", "--readings", "b"], 64, "Give either --prices or --readings"),
      (["--readings", "a", "--price", "3"], 64, "are of a seeded path"),
      (["--readings", "a", "--volatility", "3"], 64, "--volatility is not for --readings"),
    ] as [([String], Int32, String)])
  func refusals(_ arguments: [String], _ status: Int32, _ message: String) async throws {
    let run = try await DammProcess.run(["markets"] + arguments)
    #expect(run.status == status && run.output.isEmpty, "\(arguments): \(run.status)")
    #expect(run.error.contains(message), "\(run.error)")
  }

  @Test("no value crashes the command", arguments: ["--price", "--reserve-a", "--volatility"])
  func extremes(_ option: String) async throws {
    for curve in ["constant-product", "ticks"] {
      for value in ["inf", "nan", "-0", "5e-324", "1e-30", "1e-12", "1e12", "1e30", "1e308"] {
        let run = try await DammProcess.run(
          ["markets", "--markets", "2", "--steps", "4", "--curve", curve, option, value])
        #expect(!run.signalled && [0, 1].contains(run.status), "\(option) \(value): \(run.error)")
        #expect((run.status == 0) == run.error.isEmpty)
        #expect(!run.output.contains("nan"), "\(option) \(value)")
      }
    }
  }
}

/// Whether a text is well-formed: tags close in order.
private enum XMLDocumentCheck {
  static func parses(_ text: String) throws -> Bool {
    var open: [Substring] = []
    for match in text.matches(of: /<(\/?)(\w+)[^>]*?(\/?)>/) {
      if match.1 == "/" {
        guard open.popLast() == match.2 else { return false }
      } else if match.3 != "/" {
        open.append(match.2)
      }
    }
    return open.isEmpty
  }
}
