import DAMMModel
import DAMMPool
import DAMMReplay
import TestSupport

/// Small sweeps, and rows made up.
enum SweepFixture {
  /// A made-up market of a few hours in which the price moves and the volatility stays.
  static func inputs(steps: Int = 120, seed: UInt64 = 7) throws -> SweepInputs {
    let motion = try GeometricBrownianMotion(
      price: 3000, volatility: 0.8, steps: steps, secondsPerStep: 60)
    return SweepInputs(ReplayStep.steps(of: try motion.paths(1, correlation: 1, seed: seed)[0]))
  }

  /// A pool with a fee that may reform.
  static func base(feeBps: Double = 5) throws -> SweepBase {
    let terms = try PoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 12, exponent: 2),
      fees: FeeSchedule(baseBps: feeBps))
    return SweepBase(ReplaySetup(terms: terms, horizonDays: 7, capital: 1e6))
  }

  static func grid(_ axes: [String], base: SweepBase? = nil) throws -> SweepGrid {
    let base = try base ?? self.base()
    return try SweepGrid(base, axes.map { try SweepAxis($0, of: base) })
  }

  static func sweep(_ axes: [String], base: SweepBase? = nil) throws -> Sweep {
    Sweep(try inputs(), over: try grid(axes, base: base), version: "1.2.3")
  }

  /// A row of numbers of which many are alike, some missing, with texts that need care.
  static func row(_ random: inout SplitMix64, few: Int? = nil) -> SweepRow {
    SweepRow(
      values: SweepColumn.all.map { column in
        if random.oneIn(8) { return .none }
        if let few, column.kind == .float64 {
          return .number(Double(Int.random(in: 0..<few, using: &random)))
        }
        switch column.kind {
        case .float64:
          let value = Double(bitPattern: random.next())
          return SweepValue(random.oneIn(4) ? Double(Int8.random(in: .min ... .max)) : value)
        case .int64: return .integer(Int(truncatingIfNeeded: random.next()))
        case .uint64: return .natural(random.next())
        case .bool: return .flag(random.oneIn(2))
        case .string:
          let pieces = ["a", "\"", ",", "\n", "\r", "\r\n", "\\", "\u{1}", "\u{7F}", "é", "🙂", " "]
          return .text("x" + (0..<6).map { _ in pieces.randomElement(using: &random)! }.joined())
        }
      })
  }
}
