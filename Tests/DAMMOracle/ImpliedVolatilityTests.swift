import DAMMModel
import DAMMOracle
import Foundation
import Testing
import TestSupport

/// Laws of premiums and of the deviations that they imply, on random options.
@Suite struct ImpliedVolatilityTests {
  private struct Options {
    var random: SplitMix64

    /// An option and a deviation at which its premium is a number that says something.
    mutating func next(
      _ model: OptionContract.Model
    ) throws -> (contract: OptionContract, deviation: Double) {
      let kind: OptionContract.Kind = Bool.random(using: &random) ? .call : .put
      let forward = pow(10, Double.random(in: -6...6, using: &random))
      let deviation = exp(Double.random(in: log(1e-4)...log(10), using: &random))
      switch model {
      case .black:
        let most = min(10, 36 * deviation)
        let away = Double.random(in: -1...1, using: &random)
        let contract = try OptionContract(
          kind, forward: forward, strike: forward * exp(away * abs(away) * most))
        return (contract, deviation)
      case .normal:
        let absolute = deviation * forward
        let away = Double.random(in: -36...36, using: &random)
        let shift = Bool.random(using: &random) ? forward : 0
        let contract = try OptionContract(
          kind, forward: forward - shift, strike: forward - shift + away * absolute)
        return (contract, absolute)
      }
    }
  }

  private func check(
    _ name: String, _ salt: UInt64,
    _ body: (OptionContract.Model, OptionContract, Double) throws -> Bool
  ) throws {
    let seed = RandomCurves.seed(name, salt)
    var options = Options(random: SplitMix64(seed: seed))
    var counted = 0
    let runs = RandomCurves.runs(20_000)
    for _ in 0..<runs {
      for model in OptionContract.Model.allCases {
        let (contract, deviation) = try options.next(model)
        if try body(model, contract, deviation) { counted += 1 }
      }
    }
    #expect(counted > runs, "seed \(seed): only \(counted) of \(2 * runs) said something")
  }

  /// The deviation of the premium at a deviation is that deviation.
  @Test func thereAndBack() throws {
    try check("there and back", 401) { model, contract, deviation in
      let premium = try contract.premium(deviation: deviation, model: model)
      guard let implied = try? contract.implied(premium: premium, model: model) else {
        return false
      }
      let allowed =
        Tolerance.impliedDeviation.relative * max(1, implied.condition)
        + Tolerance.premium.relative * max(1, implied.condition)
      #expect(
        abs(implied.deviation / deviation - 1) <= allowed,
        "\(contract) \(model) at \(deviation): \(implied)")
      return true
    }
  }

  /// Forward, strike and premium times a power of two: the same deviation, to the bit.
  @Test func scaleFree() throws {
    try check("scale-free options", 402) { model, contract, deviation in
      let premium = try contract.premium(deviation: deviation, model: model)
      guard let implied = try? contract.implied(premium: premium, model: model) else {
        return false
      }
      for factor in [0x1p-30, 0x1p30] {
        let scaled = try OptionContract(
          contract.kind, forward: contract.forward * factor, strike: contract.strike * factor)
        let unit = model == .normal ? factor : 1
        #expect(
          try scaled.implied(premium: premium * factor, model: model).deviation
            == implied.deviation * unit)
      }
      return true
    }
  }

  /// A call on a forward is a put on the strike: the same deviation, to the last digits.
  @Test func callsArePuts() throws {
    try check("calls are puts", 403) { model, contract, deviation in
      let premium = try contract.premium(deviation: deviation, model: model)
      guard let implied = try? contract.implied(premium: premium, model: model) else {
        return false
      }
      let other = try OptionContract(
        contract.kind == .call ? .put : .call, forward: contract.strike, strike: contract.forward)
      #expect(try other.implied(premium: premium, model: model) == implied)
      return true
    }
  }

  /// More premium is more deviation, by what the condition number says.
  @Test func moreCostsMore() throws {
    try check("more costs more", 404) { model, contract, deviation in
      let premium = try contract.premium(deviation: deviation, model: model)
      guard let implied = try? contract.implied(premium: premium, model: model),
        implied.condition < 0x1p12
      else { return false }
      let more = try contract.implied(premium: premium * (1 + 0x1p-24), model: model)
      let expected = implied.deviation * (1 + 0x1p-24 * implied.condition)
      #expect(more.deviation > implied.deviation * (1 - Tolerance.impliedDeviation.relative))
      #expect(
        abs(more.deviation - expected) <= implied.deviation
          * (0x1p-24 * implied.condition * 0x1p-3 + Tolerance.impliedDeviation.relative))
      return true
    }
  }

  /// A premium in coin is that in cash over the forward.
  @Test func coinsAreCash() throws {
    try check("coins are cash", 405) { model, contract, deviation in
      // powers of two lose nothing
      let forward = pow(2, (log2(abs(contract.forward) + 1e-9)).rounded())
      guard model == .black, abs(log(contract.strike / forward)) < 9 else { return true }
      let contract = try OptionContract(contract.kind, forward: forward, strike: contract.strike)
      let premium = try contract.premium(deviation: deviation)
      guard let implied = try? contract.implied(premium: premium),
        premium / forward >= .leastNormalMagnitude
      else { return false }
      let coin = try contract.implied(premium: premium / forward, quotation: .coin)
      #expect(coin == implied)
      #expect(try contract.premium(deviation: deviation, quotation: .coin) == premium / forward)
      return true
    }
  }

  @Test func refusalsNameTheValue() throws {
    let call = try OptionContract(.call, forward: 100, strike: 90)
    #expect(throws: PremiumError.belowIntrinsic(premium: 9.5, intrinsic: 10)) {
      try call.implied(premium: 9.5)
    }
    #expect(throws: PremiumError.atIntrinsic(premium: 10)) { try call.implied(premium: 10) }
    #expect(throws: PremiumError.atMaximum(premium: 100)) { try call.implied(premium: 100) }
    #expect(throws: PremiumError.aboveMaximum(premium: 101, maximum: 100)) {
      try call.implied(premium: 101)
    }
    #expect(throws: PremiumError.aboveMaximum(premium: 1.5, maximum: 1)) {
      try call.implied(premium: 1.5, quotation: .coin)
    }
    let error = #expect(throws: PremiumError.self) {
      try call.implied(premium: (10.0).nextUp)
    }
    #expect(error?.reason == "no information")
    #expect(PremiumError.belowIntrinsic(premium: 9.5, intrinsic: 10).description.contains("9.5"))
    for premium in [Double.nan, .infinity, -1e40] {
      let error = #expect(throws: PremiumError.self) { try call.implied(premium: premium) }
      #expect(error?.reason == "out of range")
    }
    #expect(throws: DAMMError.self) { try OptionContract(.put, forward: .nan, strike: 1) }
    let far = try OptionContract(.put, forward: 1, strike: 1e6)
    #expect(throws: PremiumError.self) { try far.implied(premium: 999_999.5) }
    #expect(throws: PremiumError.self) { try far.premium(deviation: -1) }
    let negative = try OptionContract(.call, forward: -1, strike: 2)
    #expect(throws: PremiumError.self) { try negative.implied(premium: 1) }
    #expect(try negative.implied(premium: 1, model: .normal).deviation > 0)
  }

  /// Next to nothing at the money: `s = sqrt(2 pi)` times the price, as long as that is a normal number.
  @Test func nextToNothingAtTheMoney() throws {
    let root = (2 * Double.pi).squareRoot()
    for (price, premium) in [
      (1e5, 1e-303), (1e5, 1e-240), (1e-23, 1e-240), (1, 1e-290), (1e20, 1e-280),
    ] {
      let contract = try OptionContract(.call, forward: price, strike: price)
      let normal = try contract.implied(premium: premium, model: .normal)
      #expect(
        abs(normal.deviation / (premium * root) - 1) <= Tolerance.impliedDeviation.relative
          && normal.condition == 1)
      let deviation = premium / price * root
      guard deviation >= .leastNormalMagnitude else {
        let error = #expect(throws: PremiumError.self) { try contract.implied(premium: premium) }
        #expect(error?.reason == "no information")
        continue
      }
      let black = try contract.implied(premium: premium)
      #expect(abs(black.deviation / deviation - 1) <= Tolerance.impliedDeviation.relative)
      #expect(abs(black.condition - 1) <= Tolerance.impliedCondition.relative)
    }
  }

  /// Numbers that were worked out by hand: at the money the price is `2 Phi(s/2) - 1`, and `s / sqrt(2 pi)`
  /// in the normal model.
  @Test func atTheMoney() throws {
    let contract = try OptionContract(.call, forward: 100, strike: 100)
    let black = try contract.implied(premium: 100 * erf(0.1 / 2.0.squareRoot()))
    #expect(abs(black.deviation / 0.2 - 1) <= 2 * Tolerance.impliedDeviation.relative)
    let normal = try contract.implied(premium: 8, model: .normal)
    let exact = 8 * (2 * Double.pi).squareRoot()
    #expect(abs(normal.deviation / exact - 1) <= Tolerance.impliedDeviation.relative)
    #expect(abs(black.volatility(years: 0.25) / 0.4 - 1) <= 2 * Tolerance.impliedDeviation.relative)
  }
}
