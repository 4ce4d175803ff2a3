import DAMM
import DAMMCommand
import Foundation
import TestSupport
import Testing

@Suite("damm audit")
struct AuditCommandTests {
  private struct Answer: Decodable {
    struct Step: Decodable {
      let action: String
      let amounts: [String: Double]
      let changeA: Double
      let changeB: Double
    }
    let amm: String
    let verdict: String
    let seed: UInt64
    let sequences: Int
    let actions: Int
    let approach: [Step]
    let loop: [Step]
    let gainA: Double?
    let gainB: Double?
    let scaleSequences: Int?
    let markets: Int?
  }

  private static let reserves = ["--reserve-a", "3e6", "--reserve-b", "1000"]
  private static let tick =
    ["audit", "--amm", "tick", "--price", "3000", "--iv", "0.8", "--horizon-days", "7"] + reserves

  @Test(
    "nothing in what cannot leak, and as many sequences as asked",
    arguments: [
      ["--amm", "constant-product", "--fee-bps", "30"], ["--amm", "constant-product"],
      ["--amm", "constant-price", "--price", "3000", "--fee-bps", "10"],
      [
        "--amm", "tick", "--price", "3000", "--sigma", "100", "--fee-bps", "5", "--fee-skew", "0.1",
        "--tick-bps", "10",
      ],
    ])
  func nothing(_ arguments: [String]) async throws {
    let run = try await DammProcess.run(
      ["audit"] + arguments + Self.reserves + ["--sequences", "5000", "--json"])
    #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
    let answer = try run.decoded(Answer.self)
    #expect(answer.verdict == "none" && answer.gainA == nil && answer.loop.isEmpty)
    #expect(answer.sequences == 5000 && answer.actions > 5000 && answer.seed == 1)
    #expect(answer.scaleSequences ?? 0 > 100)
  }

  @Test("a reform that is known before it comes pays; the loop adds up; the seed decides")
  func reform() async throws {
    let arguments = Self.tick + ["--price-move", "0.001", "--sigma-move", "0.05"]
    let run = try await DammProcess.run(arguments + ["--sequences", "20000", "--json"])
    #expect(run.status == 1 && run.error.isEmpty, "\(run.error)")
    let answer = try run.decoded(Answer.self)
    #expect(answer.verdict == "gain" && answer.amm == "tick")
    #expect((answer.approach + answer.loop).contains { $0.action.hasPrefix("reading: ") })
    let (a, b) = (try #require(answer.gainA), try #require(answer.gainB))
    #expect(a >= 0 && b >= 0 && a + b > 0)
    // whole lots: sums are exact
    #expect(-a == answer.loop.reduce(0) { $0 + $1.changeA })
    #expect(-b == answer.loop.reduce(0) { $0 + $1.changeB })
    let again = try await DammProcess.run(arguments + ["--sequences", "20000"])
    #expect(again.status == 1 && again.error.isEmpty)
    #expect(again.output.contains("\(answer.sequences) sequences of \(answer.actions) actions"))
    #expect(again.output.contains("The loop (what the AMM gets, less what it gives):\n  1. "))
    let other = try await DammProcess.run(
      arguments + ["--sequences", "20000", "--seed", "2", "--json"]
    ).decoded(Answer.self)
    #expect(other.seed == 2 && other.actions != answer.actions)
  }

  @Test(
    "markets of one pool: nothing without liquidity at any time, nor beyond the limits",
    arguments: [
      ["--amm", "constant-product", "--markets", "3"],
      ["--amm", "tick", "--price", "3000", "--sigma", "100", "--tick-bps", "10", "--markets", "2"],
      [
        "--amm", "constant-product", "--markets", "2", "--floor", "0.9", "--allowance",
        "0.01",
      ],
    ])
  func markets(_ arguments: [String]) async throws {
    let run = try await DammProcess.run(
      ["audit"] + arguments + Self.reserves + ["--sequences", "200", "--json"])
    #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
    let answer = try run.decoded(Answer.self)
    #expect(answer.verdict == "none" && answer.sequences == 200 && answer.markets != nil)
  }

  @Test("liquidity at any time gains on markets of one pool without limits")
  func marketsWithLiquidity() async throws {
    let run = try await DammProcess.run(
      ["audit", "--amm", "constant-product", "--markets", "2", "--liquidity", "anytime"]
        + Self.reserves + ["--sequences", "50000"])
    #expect(run.status == 1 && run.output.contains("constant-product, 2 markets of one pool"))
    #expect(run.output.contains(/[0-9]. (add|remove)/))
  }

  @Test("a time is kept")
  func minutes() async throws {
    let run = try await DammProcess.run(
      ["audit", "--amm", "constant-product"] + Self.reserves + ["--minutes", "0.005"])
    #expect(run.status == 0 && run.output.contains("nothing found"))
    #expect(run.output.contains(/other scales +trades compared in [1-9][0-9]* sequences/))
    #expect(run.error.isEmpty)
  }

  @Test("the model of reforms is the ledger where nothing is capped")
  func modelIsTheLedger() throws {
    let reading = try OracleReading(price: 3000, impliedVolatility: 0.8, horizonDays: 7)
    let lots = try (LotSize(decimals: 6, exponent: 0), LotSize(decimals: 9, exponent: 0))
    let changes = AuditedPool.ReadingChange.all(price: 0.001, sigma: 0.05)
    for funding in Funding.allCases {
      for (a, b) in [(3e6, 1000.0), (1e6, 1000), (3e6, 50)] {
        let terms = try PoolTerms(a: lots.0, b: lots.1, funding: funding)
        let held = try Reserves(a: a, b: b)
        var scope = AuditedPool.Scope()
        (scope.liquidity, scope.waits, scope.readings, scope.part) = (false, false, changes, 1)
        var ledger = try AuditedPool(
          Pool(
            terms, reading: reading, at: UTCTime(secondsSince1970: 0),
            deposit: LotPair(a: Int(a * 1e6), b: Int(b * 1e9))), scope)
        var model = try CappedTicks(
          terms, reading, held, isCapped: false, fee: 0, changes: changes, part: 1)
        let move = try #require(
          ledger.actions.firstIndex { $0.name == "reading: price times 1.001, sigma times 1.05" })
        let same = try #require(model.actions.firstIndex { $0.name == ledger.actions[move].name })
        func compare() {
          let (one, other) = (ledger.holdings, model.holdings)
          // lots, and sums of thousands of ticks
          #expect((one.a * 1e-6 - other.a).magnitude <= 1e-11 * a + 3e-6)
          #expect((one.b * 1e-9 - other.b).magnitude <= 1e-11 * b + 3e-9)
        }
        let bought = (b / 5 * 1e9).rounded()
        try ledger.perform(0, AuditAmounts(bought))
        try model.perform(0, AuditAmounts(bought * 1e-9))
        compare()
        try ledger.perform(move, AuditAmounts())
        try model.perform(same, AuditAmounts())
        compare()
        try ledger.perform(2, AuditAmounts(bought / 2))
        try model.perform(1, AuditAmounts(bought / 2 * 1e-9))
        compare()
      }
    }
  }

  @Test("what a reform pays, for each imbalance, funding, part, with and without a cap on depth")
  func reforms() async throws {
    struct Costs: Decodable {
      struct Row: Decodable {
        let reserves: String
        let funding: String
        let capped: Bool
        let part: Double
        let feeBps: Double?
      }
      let rows: [Row]
    }
    let run = try await DammProcess.run(Self.tick + ["--reforms", "--sequences", "100", "--json"])
    #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
    let rows = try run.decoded(Costs.self).rows
    #expect(rows.count == 36)
    func fee(_ reserves: String, _ funding: Funding, _ capped: Bool, _ part: Double) -> Double {
      rows.first {
        $0.reserves == reserves && $0.funding == funding.rawValue && $0.capped == capped
          && $0.part == part
      }?.feeBps ?? .nan
    }
    // a trade, a reform and the trade back alone: the least that a search must find
    #expect(fee("1:20", .full, false, 0.1) >= 30)
    #expect(fee("1:20", .geometricMean, false, 0.1) >= 17)
    #expect(fee("1:20", .full, true, 0.1) <= 10)
    #expect(fee("1:20", .geometricMean, true, 0.1) <= 5)
  }

  @Test(
    "refused values",
    arguments: [
      (["--minutes", "0"], "minutes is 0.0, but it must be a number from"),
      (["--minutes", "nan"], "minutes is nan, but it must be a number from"),
      (["--sequences", "0"], "sequences to try is 0.0, but it must be a number from 1.0"),
      (["--fee-bps", "-1"], "fee in basis points is -1.0, but it must be a number from"),
      (["--markets", "0"], "markets is 0, but it must be a whole number from 1 to 64"),
      (
        ["--markets", "2", "--floor", "2"],
        "floor of the health factor is 2.0, but it must be a number from 0.0 to 1.0"
      ),
    ])
  func refusals(_ arguments: [String], _ message: String) async throws {
    let run = try await DammProcess.run(
      ["audit", "--amm", "constant-product"] + Self.reserves + arguments)
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.error.contains(message), "\(run.error)")
  }

  @Test(
    "wrong usage",
    arguments: [
      (["--amm", "constant-product", "--reforms"], "belong to --amm tick"),
      (["--amm", "constant-price"], "--amm constant-price needs --price"),
      (["--amm", "constant-product", "--floor", "0.9"], "belong to --markets"),
      (["--amm", "constant-price", "--price", "1", "--markets", "2"], "--markets belongs to"),
      (["--amm", "tick", "--price", "100"], "Give --sigma, or --iv with --horizon-days."),
      (["--amm", "constant-product", "--fee-skew", "1"], "has --fee-bps and no other fees"),
      (["--amm", "tick", "--price", "3", "--sigma", "1", "--surge-bps", "1"], "A surge begins"),
    ])
  func usage(_ arguments: [String], _ message: String) async throws {
    let run = try await DammProcess.run(["audit"] + arguments + Self.reserves)
    #expect(run.status == 64 && run.error.contains(message), "\(run.error)")
  }

  @Test("refused moves of readings, and no value that crashes it")
  func moves() async throws {
    for (arguments, message) in [
      (["--price-move", "-1"], "move of price is -1.0, but it must be a number from 0.0 to 0.9"),
      (["--sigma-move", "inf"], "move of sigma is inf, but it must be a number from 0.0 to 0.9"),
      (["--readings", "-1"], "readings is -1, but it must be a whole number from 0 to 1000"),
      (
        ["--digits-b", "40"],
        "decimals of a token is 40, but it must be a whole number from 0 to 36"
      ),
    ] {
      let run = try await DammProcess.run(Self.tick + arguments)
      #expect(run.status == 1 && run.error.contains(message), "\(run.error)")
    }
    for amm in ["constant-product", "constant-price"] {
      for (a, b) in [("1e30", "1e-30"), ("1e-30", "1e30"), ("1e-30", "1e-30"), ("1", "5e-324")] {
        let run = try await DammProcess.run(
          ["audit", "--amm", amm, "--price", "1", "--reserve-a", a, "--reserve-b", b]
            + ["--sequences", "300"])
        #expect(!run.signalled && [0, 1].contains(run.status), "\(amm) \(a) \(b): \(run.error)")
        #expect((run.status == 1) == !run.error.isEmpty, "\(amm) \(a) \(b): \(run.output)")
        #expect(!run.output.contains("nan"))
      }
    }
  }

  @Test("the help has examples")
  func help() async throws {
    let run = try await DammProcess.run(["audit", "--help"])
    #expect(run.status == 0 && run.output.contains("EXAMPLES\n  damm audit"))
  }
}
