import DAMM
import Foundation
import Testing
import TestSupport

@Suite("damm risk")
struct RiskCommandTests {
  private struct Answer: Decodable {
    struct Move: Decodable {
      let deviations: Double?
      let change: Double
      let price: Double
      let reserveA: Double
      let reserveB: Double
      let heldValue: Double
      let value: Double
      let impermanentLoss: Double
      let relativeLoss: Double
    }
    struct Band: Decodable {
      let within: Double
      let offeredA: Double
      let offeredB: Double
    }
    let price: Double
    let volatility: Double
    let sigmaConvention: String?
    let value: Double
    let bands: [Band]
    let capitalEfficiency: Double
    let moves: [Move]
    let deviationMoves: [Move]
    let lossVersusRebalancing: Double
    let expectedLoss: Double
    let arbitrageVolume: Double
    let breakEvenFee: Double?
    let noiseVolume: Double?
  }

  private static let week = [
    "risk", "--price", "3000", "--iv", "0.8", "--horizon-days", "7", "--reserve-a", "3e6",
    "--reserve-b", "1000",
  ]

  @Test("JSON has the bits of the figures in process")
  func json() async throws {
    let run = try await DammProcess.run(
      Self.week + ["--moves=-0.1,0.25", "--noise-volume", "2e6", "--json"])
    #expect(run.status == 0 && run.error.isEmpty)
    let answer = try run.decoded(Answer.self)
    let reading = try OracleReading(price: 3000, impliedVolatility: 0.8, horizonDays: 7)
    let reserves = try Reserves(a: 3e6, b: 1000)
    let risk = try RiskFigures(
      Curve(
        table: TickTable(CurveShape(relativeSigma: reading.relativeSigma)), oraclePrice: 3000,
        reserves: reserves), reserves: reserves, volatility: 0.8)
    #expect((answer.price, answer.volatility, answer.value) == (3000, 0.8, 6e6))
    #expect(answer.sigmaConvention == "proportional")
    #expect(answer.capitalEfficiency == risk.capitalEfficiency)
    #expect(answer.lossVersusRebalancing == risk.lossVersusRebalancing)
    #expect(answer.expectedLoss == (try risk.expectedLoss()))
    let fees = try risk.arbitrageFees(blockSeconds: 12)
    #expect(answer.arbitrageVolume == (try fees.volume(fee: 0)))
    #expect(answer.breakEvenFee == (try fees.breakEvenFee(noiseVolume: 2e6)))
    for (move, change) in zip(answer.moves, [-0.1, 0.25]) {
      let expected = try risk.move(by: change)
      #expect(move.impermanentLoss == expected.impermanentLoss)
      #expect((move.reserveA, move.reserveB) == (expected.a, expected.b))
      #expect((move.price, move.heldValue) == (expected.price, expected.heldValue))
      #expect(move.relativeLoss == expected.relativeLoss && move.value == expected.value)
    }
    #expect(answer.moves.count == 2)
    #expect(answer.deviationMoves.map(\.deviations) == [-3, -2, -1, 1, 2, 3])
    #expect(answer.bands.map(\.within) == [0.01, 0.02])
    let band = try risk.offered(within: 0.02)
    #expect((answer.bands[1].offeredA, answer.bands[1].offeredB) == (band.a, band.b))
  }

  @Test("a sigma with its days is the volatility that they mean")
  func sigmaAndDays() async throws {
    let sigma = ["risk"] + DammProcess.example + ["--sigma-days", "365", "--json"]
    let answer = try await DammProcess.run(sigma).decoded(Answer.self)
    #expect(answer.volatility == 0.01 && answer.sigmaConvention == nil)
  }

  @Test("text names every figure with its unit, within 100 columns")
  func text() async throws {
    let run = try await DammProcess.run(Self.week + ["--noise-volume", "2e6"])
    #expect(run.status == 0)
    for words in [
      "80 % a year", "(from implied volatility, proportional)", "worth 6000000 A", "within 1 %",
      "within 2 %", "B per unit of price",
      "LVR now", "A a day", "bp of the value", "break-even fee", "of the A traded", "+20 %", "-3",
    ] { #expect(run.output.contains(words), "\(words)") }
    #expect(run.lines.allSatisfy { $0.count <= 100 })
    let without = try await DammProcess.run(Self.week)
    #expect(without.output.contains("give --noise-volume"))
    let little = try await DammProcess.run(Self.week + ["--noise-volume", "1e-9"])
    #expect(little.output.contains("none up to 100 %"))
  }

  @Test(
    "refused values",
    arguments: [
      (["--moves", "-0.1,x"], "move is 'x', but it must be a number from -0.999999 to"),
      (["--moves", "-1"], "move is '-1', but it must be a number from -0.999999 to"),
      (["--moves", ""], "move is '', but it must be a number from"),
      (["--noise-volume", "-1"], "noise volume is -1.0, but it must be a number from 0.0 to"),
      (["--block-seconds", "0"], "seconds between blocks is 0.0, but it must be a number from"),
    ])
  func refusals(_ arguments: [String], _ message: String) async throws {
    let run = try await DammProcess.run(Self.week + arguments)
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.error.contains(message), "\(run.error)")
  }

  @Test("the help has examples")
  func help() async throws {
    let run = try await DammProcess.run(["risk", "--help"])
    #expect(run.status == 0 && run.output.contains("EXAMPLES\n  damm risk"))
  }

  @Test("wrong usage")
  func usage() async throws {
    let without = try await DammProcess.run(["risk"] + DammProcess.example)
    #expect(without.status == 64 && without.error.contains("--sigma needs --sigma-days"))
    let both = try await DammProcess.run(Self.week + ["--sigma-days", "7"])
    #expect(both.status == 64 && both.error.contains("--sigma-days belongs to --sigma"))
  }

  @Test(
    "no value crashes the command",
    arguments: ["--price", "--sigma", "--reserve-a", "--reserve-b", "--sigma-days", "--moves"])
  func extremes(_ option: String) async throws {
    for value in ["inf", "nan", "-0", "5e-324", "1e-30", "1e30", "1e308"] {
      var arguments = ["risk"] + DammProcess.example + ["--sigma-days", "7", "--moves", "0.1"]
      let index = try #require(arguments.firstIndex(of: option))
      arguments[index + 1] = value
      let run = try await DammProcess.run(arguments)
      #expect(!run.signalled && [0, 1].contains(run.status), "\(option) \(value): \(run.error)")
      #expect((run.status == 0) == run.error.isEmpty)
      #expect(!run.output.contains("nan"), "\(option) \(value)")
    }
  }

  @Test("the same bytes whatever the processor offers")
  func sameBytes() async throws {
    let arguments = Self.week + ["--noise-volume", "2e6", "--json"]
    let usual = try await DammProcess.run(arguments)
    for variables in [
      ["DAMM_KERNEL": "scalar"],
      ["GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F,-AVX2_Usable,-FMA_Usable"],
    ] {
      let other = try await DammProcess.run(arguments, environment: variables)
      #expect(other.status == 0 && other.output == usual.output, "\(variables)")
    }
  }
}
