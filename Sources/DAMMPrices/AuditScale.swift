import DAMMModel

/// Plays sequences a second time and does each of their trades on a scaled copy of what stands there then, too: `c`
/// times the amounts against `c` times the reserves should move `c` times as much.
///
/// The copy is made anew before each trade, so that what is compared is one trade and its own rounding.
struct AuditScale<Subject: Auditable> {
  /// A trade that did not.
  struct Difference {
    /// Which of the actions it was.
    let index: Int
    let factor: Double
    /// Holdings before and behind it, and what it changed on the scaled copy.
    let before, after, scaledChange: Holdings
  }

  /// Small primes and powers of two and of ten, the smallest first.
  static var factors: [Double] { [2, 3, 10, 1000, 1024, 0x1p20] }

  private let subject: Subject
  private let actions: [AuditAction]
  /// Actions done, those on copies included.
  private(set) var performed = 0
  /// Trades that were compared in the sequence that was played last.
  private(set) var compared = 0

  /// `nil` where the subject offers no scaled copies.
  init?(_ subject: Subject) {
    guard Self.factors.contains(where: { subject.scaled(by: $0) != nil }) else { return nil }
    self.subject = subject
    actions = subject.actions
  }

  /// The first trade of a sequence that differs.
  mutating func difference(_ moves: [AuditMove], factor: Double) -> Difference? {
    compared = 0
    var state = subject
    for (index, move) in moves.enumerated() {
      let isTrade = actions[move.action].role == .trade
      var copy = isTrade ? state.scaled(by: factor) : nil
      let (before, heldBefore) = (state.holdings, copy?.holdings)
      performed += 1
      guard (try? state.perform(move.action, move.amounts)) != nil else { continue }
      guard let heldBefore else { continue }
      performed += 1
      // a limit may refuse it: that is no price
      guard (try? copy?.perform(move.action, scaled(move, by: factor))) != nil, let copy else {
        continue
      }
      let (after, heldAfter) = (state.holdings, copy.holdings)
      let (here, there) = (state.rounding, copy.rounding)
      let scaledChange = Holdings(a: heldAfter.a - heldBefore.a, b: heldAfter.b - heldBefore.b)
      if here.a + here.b + there.a + there.b < .infinity { compared += 1 }
      for token in Token.allCases {
        let apart = scaledChange[token] - factor * (after[token] - before[token])
        let allowed = factor * here[token] + there[token]
        guard allowed < .infinity else { continue }
        if !(apart.magnitude <= allowed) {
          return Difference(
            index: index, factor: factor, before: before, after: after, scaledChange: scaledChange)
        }
      }
    }
    return nil
  }

  private func scaled(_ move: AuditMove, by factor: Double) -> AuditAmounts {
    let kinds = actions[move.action].amounts
    func times(_ number: Int) -> Double {
      number < kinds.count && kinds[number].isExtensive ? factor : 1
    }
    return AuditAmounts(times(0) * move.amounts.first, times(1) * move.amounts.second)
  }
}

extension AuditSearch {
  /// Of how many random sequences one is compared.
  static var sequencesForEachComparison: Int { 8 }

  /// Compares the sequence that was played last with what it does at another scale, if it is its turn.
  mutating func compareScale() {
    guard var scale, tried % Self.sequencesForEachComparison == 0 else { return }
    let factors = AuditScale<Subject>.factors
    let factor = factors[tried / Self.sequencesForEachComparison % factors.count]
    let moves = player.moves
    let before = scale.performed
    let difference = scale.difference(moves, factor: factor)
    player.performed += scale.performed - before
    self.scale = scale
    if scale.compared > 0 { scaleSequences += 1 }
    if let difference { offScale = (Array(moves[...difference.index]), factor) }
  }

  /// The shortest sequence found that ends with a trade whose prices depend on the scale, at the smallest of
  /// the factors that shows it.
  mutating func shortestOffScale() -> AuditFinding? {
    guard var scale, let (found, foundAt) = offScale else { return nil }
    let before = scale.performed
    var plays = 0
    func differs(_ moves: [AuditMove], _ factor: Double) -> Bool {
      plays += 1
      return scale.difference(moves, factor: factor) != nil
    }
    let factor = AuditScale<Subject>.factors.first { differs(found, $0) } ?? foundAt
    var moves = Shrinker.shortest(found, tries: 3000, simpler: { simpler($0) }) {
      differs($0, factor)
    }
    plays += 1
    guard let difference = scale.difference(moves, factor: factor) else { return nil }
    moves = Array(moves[...difference.index])
    player.play(moves, stopping: false)
    count(plays, player.performed + scale.performed - before)
    let index = difference.index
    // a refusal that changed nothing is no step
    guard player.moves.count == moves.count else { return nil }
    return AuditFinding(
      reason: .scale, approach: player.steps(0..<index), loop: player.steps(index..<index + 1),
      before: difference.before, after: difference.after,
      scale: AuditScaleChange(factor: factor, change: difference.scaledChange))
  }
}
