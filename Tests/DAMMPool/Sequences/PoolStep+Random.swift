import DAMMModel
import TestSupport

extension RelativeSize {
  /// Dust, parts of every magnitude, whole sides and more.
  static func random(_ random: inout SplitMix64) -> RelativeSize {
    switch Int.random(in: 0..<12, using: &random) {
    case 0, 1: .lots(1)
    case 2: .lots(Int.random(in: 2...9, using: &random))
    case 3: .part(random.logUniform(1e-12...1e-3))
    case 4, 5: .part(random.logUniform(1e-3...1))
    case 6...9: .part(random.uniform(0...1))
    case 10: .whole
    default: .beyond
    }
  }
}

extension PoolAction {
  static func trade(_ random: inout SplitMix64) -> PoolAction {
    let side = Side.allCases.randomElement(using: &random)!
    let limit = random.oneIn(5) ? random.uniform(-0.1...1.1) : nil
    switch Int.random(in: 0..<5, using: &random) {
    case 0, 1: return .swap(side, .amount(.random(&random)), limit: limit)
    case 2, 3: return .swap(side, .notional(.random(&random)), limit: limit)
    default: return .swap(side, .toPrice(random.uniform(-0.05...1.05)), limit: limit)
    }
  }

  static func liquidity(_ random: inout SplitMix64) -> PoolAction {
    let position = Int.random(in: 0..<8, using: &random)
    switch Int.random(in: 0..<16, using: &random) {
    case 0, 1, 2: return .add(.random(&random), term: nil)
    case 3, 4: return .add(.random(&random), term: Int64.random(in: 1...2000, using: &random))
    case 5: return .addUpTo(a: .random(&random), b: .random(&random))
    case 6: return .addOneSided(.a, .random(&random))
    case 7: return .addOneSided(.b, .random(&random))
    case 8, 9, 10: return .remove(position, .random(&random))
    case 11: return .removeDust(position, times: Int.random(in: 44...60, using: &random))
    case 12, 13: return .leaveEarly(position)
    case 14: return .claim(position)
    default: return .leaveAll
    }
  }

  /// What an oracle does: a step as from one block to the next, or now and then a leap.
  static func oracle(_ random: inout SplitMix64) -> PoolAction {
    switch Int.random(in: 0..<8, using: &random) {
    case 0...3:
      .reform(price: random.uniform(0.99...1.01), sigma: random.oneIn(2) ? 1 : 2)
    case 4: .reform(price: random.logUniform(0.01...100), sigma: 1)
    case 5, 6: .reformAgain
    default: .otherFunding
    }
  }
}

extension PoolAction {
  /// Dust alone: a few lots, a few shares, and withdrawals of one share again and again.
  static func dust(_ random: inout SplitMix64) -> PoolAction {
    let few = RelativeSize.lots(Int.random(in: 1...3, using: &random))
    let side = Side.allCases.randomElement(using: &random)!
    switch Int.random(in: 0..<12, using: &random) {
    case 0, 1, 2: return .swap(side, .amount(few), limit: nil)
    case 3, 4: return .swap(side, .notional(few), limit: nil)
    case 5: return .swap(side, .amount(.whole), limit: nil)
    case 6, 7: return .add(few, term: random.oneIn(4) ? 100 : nil)
    case 8: return .addOneSided(side == .buy ? .a : .b, few)
    case 9: return .remove(0, few)
    case 10: return .removeDust(0, times: Int.random(in: 1...50, using: &random))
    default: return .leaveEarly(0)
    }
  }
}

extension PoolStep {
  /// An attacker alone, with dust: one loop that goes on.
  static func dust(_ count: Int, _ random: inout SplitMix64) -> [PoolStep] {
    (0..<count).map { _ in
      PoolStep(actor: .attacker, action: .dust(&random), salt: random.next())
    }
  }

  /// A sequence: each actor in turn does a run of actions; the attacker most of all, and leaves at its end,
  /// so that a loop closes.
  static func sequence(_ count: Int, _ random: inout SplitMix64) -> [PoolStep] {
    var steps: [PoolStep] = []
    func append(_ actor: Actor, _ action: PoolAction) {
      steps.append(PoolStep(actor: actor, action: action, salt: random.next()))
    }
    while steps.count < count {
      let actor: Actor = [.trader, .founder, .provider, .attacker, .attacker]
        .randomElement(using: &random)!
      for _ in 0..<Int.random(in: 1...20, using: &random) {
        switch Int.random(in: 0..<40, using: &random) {
        case 0: append(actor, .wait(Int64.random(in: 1...600, using: &random)))
        case 1: append(actor, .refused(Int.random(in: 0..<8, using: &random)))
        case 2...20 where actor != .trader: append(actor, .liquidity(&random))
        default: append(actor, .trade(&random))
        }
      }
      if actor == .attacker, !random.oneIn(4) { append(actor, .leaveAll) }
      if random.oneIn(2) { append(.trader, .oracle(&random)) }
    }
    return Array(steps.prefix(count))
  }
}
