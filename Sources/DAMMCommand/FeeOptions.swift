import ArgumentParser
import DAMM

/// What a pool takes of each trade, without a surge.
struct FeeRateOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Base fee f0 in basis points. Fees are in A, and part of the prices.")
  var feeBps: Double?

  @Option(
    parsing: .unconditional, help: "What one unit of sigma over price adds to the fee, as a rate.")
  var feeVol: Double?

  @Option(
    parsing: .unconditional,
    help:
      "What one unit of distance from the oracle price adds on the way there and takes off on the way back."
  )
  var feeSkew: Double?

  @Option(
    parsing: .unconditional, help: "The least fee in basis points, without a surge; 0 by default.")
  var feeMinBps: Double?

  @Option(parsing: .unconditional, help: "The most of it in basis points; 9999 by default.")
  var feeMaxBps: Double?

  /// Whether any of them was given.
  var given: Bool { [feeBps, feeVol, feeSkew, feeMinBps, feeMaxBps].contains { $0 != nil } }

  /// The schedule.
  ///
  /// - Parameters:
  ///   - surgeBps: what a reform adds, in basis points.
  ///   - halfLifeSeconds: until half of it is gone.
  func schedule(surgeBps: Double = 0, halfLifeSeconds: Double = 60) throws -> FeeSchedule {
    try FeeSchedule(
      baseBps: feeBps ?? 0, volatility: feeVol ?? 0, skew: feeSkew ?? 0, minimumBps: feeMinBps ?? 0,
      maximumBps: feeMaxBps ?? Domain.feeBps.upperBound, surgeBps: surgeBps,
      surgeHalfLifeSeconds: halfLifeSeconds)
  }
}

/// What a pool takes of each trade at a moment, a surge included.
struct FeeOptions: ParsableArguments {
  @OptionGroup var rates: FeeRateOptions

  @Option(
    parsing: .unconditional, help: "Surge in force now, in basis points, added in both directions.")
  var surgeBps: Double?

  /// Whether any of them was given.
  var given: Bool { rates.given || surgeBps != nil }

  /// The schedule, whose surge is charged as it is now.
  func schedule() throws -> FeeSchedule { try rates.schedule() }

  /// Charges the surge.
  func charge(_ curve: inout Curve) throws {
    guard let surgeBps else { return }
    try Domain.check(surgeBps, "surge in basis points", in: Domain.feeBps)
    try curve.charge(surge: surgeBps / 1e4)
  }

  /// What the answers say of them, if they were given.
  func answer() throws -> FeeAnswer? {
    try given ? FeeAnswer(schedule(), surgeBps: surgeBps ?? 0) : nil
  }
}

/// A fee schedule in the words of the JSON of `damm quote` and `damm curve`.
struct FeeAnswer: Encodable {
  let baseBps: Double
  let volatility: Double
  let skew: Double
  let minimumBps: Double
  let maximumBps: Double
  /// In force at the moment of the answer.
  let surgeBps: Double

  init(_ schedule: FeeSchedule, surgeBps: Double) {
    baseBps = schedule.baseBps
    volatility = schedule.volatility
    skew = schedule.skew
    minimumBps = schedule.minimumBps
    maximumBps = schedule.maximumBps
    self.surgeBps = surgeBps
  }

  /// For people.
  var words: String {
    let full = Figures.full
    return "base \(full(baseBps)) bp, volatility \(full(volatility)), skew \(full(skew)), "
      + "\(full(minimumBps)) to \(full(maximumBps)) bp, surge \(full(surgeBps)) bp"
  }
}
