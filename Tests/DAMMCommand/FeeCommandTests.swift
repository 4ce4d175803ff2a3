import DAMM
import Foundation
import Testing

@Suite("fees in damm quote and damm curve")
struct FeeCommandTests {
  private static let fees = [
    "--fee-bps", "5", "--fee-vol", "0.02", "--fee-skew", "0.1", "--fee-min-bps", "1",
    "--fee-max-bps", "40",
  ]

  private func curve(surge: Double = 0) throws -> Curve {
    let schedule = try FeeSchedule(
      baseBps: 5, volatility: 0.02, skew: 0.1, minimumBps: 1, maximumBps: 40)
    var curve = try Curve(
      table: TickTable(CurveShape(relativeSigma: 0.01), fees: schedule), oraclePrice: 100,
      reserves: Reserves(a: 1000, b: 10))
    try curve.charge(surge: surge)
    return curve
  }

  @Test(
    "JSON has the bits of a quote in process, and the schedule",
    arguments: [
      (["--side", "buy", "--amount", "1"], Side.buy, Order.Size.amount(1)),
      (["--side", "sell", "--notional", "30"], .sell, .notional(30)),
    ] as [([String], Side, Order.Size)], [[], ["--surge-bps", "20"]])
  func json(_ order: ([String], Side, Order.Size), _ surge: [String]) async throws {
    let run = try await DammProcess.run(
      ["quote"] + DammProcess.example + Self.fees + surge + order.0 + ["--json"])
    #expect(run.status == 0)
    let quote = try curve(surge: surge.isEmpty ? 0 : 0.002).quote(Order(order.1, order.2))
    #expect(quote.fee > 0)
    #expect(try run.decoded(Answer.self) == Answer(quote, relativeSigma: 0.01))
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(
      object["fees"] as? [String: Double] == [
        "baseBps": 5, "volatility": 0.02, "skew": 0.1, "minimumBps": 1, "maximumBps": 40,
        "surgeBps": surge.isEmpty ? 0 : 20,
      ])
  }

  @Test("the schedule and the fee for a person")
  func text() async throws {
    let arguments = DammProcess.example + Self.fees + ["--surge-bps", "2.5"]
    let words = "base 5 bp, volatility 0.02, skew 0.1, 1 to 40 bp, surge 2.5 bp"
    let sale = try await DammProcess.run(
      ["quote"] + arguments + ["--side", "sell", "--amount", "1"])
    let fee = try curve(surge: 2.5e-4).quote(Order(.sell, .amount(1))).fee
    #expect(sale.output.contains("\(fee) A, kept back from the A above"))
    #expect(sale.output.contains(words))
    let shown = try await DammProcess.run(["curve"] + arguments)
    #expect(shown.output.contains(words))
    // 5 + 2 + 2.5 basis points either way at the oracle price
    #expect(shown.output.contains("100.095, 99.905 A per B at the position"))
    let listing = try await DammProcess.run(["curve"] + arguments + ["--json"])
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(listing.output.utf8)) as? [String: Any])
    #expect(abs((object["ask"] as? Double ?? 0) - 100.095) < 1e-12)
    #expect(abs((object["bid"] as? Double ?? 0) - 99.905) < 1e-12)
    #expect((object["fees"] as? [String: Double])?["surgeBps"] == 2.5)
  }

  @Test("orders of a file pay fees, one after another too")
  func orders() async throws {
    let input = "side,kind,value,limit\nbuy,amount,1,\nsell,notional,30,\n"
    for sequence in [[], ["--sequence"]] {
      let run = try await DammProcess.run(
        ["quote"] + DammProcess.example + Self.fees + ["--orders", "-", "--json"] + sequence,
        input: Data(input.utf8))
      var pool = try curve()
      let order = try Order(.buy, .amount(1))
      let first = sequence.isEmpty ? pool.quote(order) : pool.swap(order)
      let second = pool.quote(try Order(.sell, .notional(30)))
      #expect(
        try run.decoded([Answer].self) == [
          Answer(first, line: 2, relativeSigma: 0.01), Answer(second, line: 3, relativeSigma: 0.01),
        ])
    }
  }

  @Test(
    "what is no schedule is refused by name",
    arguments: [
      (["--fee-bps", "-1"], "base fee"), (["--fee-vol", "-0.1"], "fee for volatility"),
      (["--fee-skew", "-0.1"], "fee skew"), (["--fee-min-bps", "nan"], "minimum fee"),
      (["--fee-min-bps", "5", "--fee-max-bps", "4"], "maximum fee"),
      (["--surge-bps", "-1"], "surge"),
      (["--fee-bps", "6000", "--surge-bps", "4000"], "fee of a sale"),
    ])
  func refusals(_ options: [String], _ name: String) async throws {
    for command in [["quote", "--side", "buy", "--amount", "1"], ["curve"]] {
      let run = try await DammProcess.run(command + DammProcess.example + options)
      #expect(run.status != 0 && run.output.isEmpty)
      #expect(run.error.contains(name), "\(run.error)")
    }
  }
}
