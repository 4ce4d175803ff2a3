import DAMMModel

extension AuditSearch {
  /// The shortest sequence found that gains like this one, with its amounts.
  mutating func shortest(_ candidate: AuditCandidate) -> AuditFinding? {
    let start = candidate.start
    var player = player
    var plays = 0
    player.play(candidate)
    guard let reason = player.loop?.reason else { return nil }
    func gains(_ candidate: AuditCandidate) -> Bool {
      plays += 1
      player.play(candidate)
      return player.loop?.reason == reason
    }
    // what is to be brought back decides the closing trade: keep that while genes are left out
    let genes = Shrinker.shortest(candidate.genes, tries: 3000, simpler: { simpler($0) }) {
      gains(AuditCandidate(genes: $0, start: min(start, $0.count)))
        || (start > 0 && gains(AuditCandidate(genes: $0)))
    }
    for start in [start, 0] where gains(AuditCandidate(genes: genes, start: start)) {
      // rounder amounts, with the trade back as it follows from them
      var rounded = player.genesOfMoves
      if gains(AuditCandidate(genes: rounded, start: start)) {
        rounded = Shrinker.shortest(rounded, tries: 3000, simpler: { simpler($0) }) {
          gains(AuditCandidate(genes: $0, start: min(start, $0.count)))
        }
        _ = gains(AuditCandidate(genes: rounded, start: min(start, rounded.count)))
      } else {
        _ = gains(AuditCandidate(genes: genes, start: start))
      }
      let moves = Shrinker.shortest(player.moves, tries: 3000, simpler: { simpler($0) }) { moves in
        plays += 1
        player.play(moves)
        return player.loop?.reason == reason
      }
      plays += 1
      player.play(moves)
      count(plays, player.performed)
      return player.finding
    }
    return nil
  }

  /// Smaller and rounder amounts in place of an action's own.
  private func simpler(_ gene: AuditGene) -> [AuditGene] {
    guard case .act(let action, let first, let second) = gene else { return [] }
    if case .value(let one) = first, case .value(let two) = second {
      return simpler(AuditMove(action: action, amounts: AuditAmounts(one, two))).map(\.gene)
    }
    let kinds = player.actions[action].amounts
    var result: [AuditGene] = []
    if kinds.count > 0, first != .place(0) { result.append(.act(action, .place(0), second)) }
    if kinds.count > 1, second != .place(0) { result.append(.act(action, first, .place(0))) }
    return result
  }

  func simpler(_ move: AuditMove) -> [AuditMove] {
    let kinds = player.actions[move.action].amounts
    var result: [AuditMove] = []
    for (number, kind) in kinds.enumerated() {
      let amount = number == 0 ? move.amounts.first : move.amounts.second
      for simpler in Self.rounder(amount, grain: kind.grain) {
        var changed = move
        if number == 0 { changed.amounts.first = simpler } else { changed.amounts.second = simpler }
        result.append(changed)
      }
    }
    return result
  }

  /// Amounts of fewer digits, none larger.
  private static func rounder(_ amount: Double, grain: Double) -> [Double] {
    var power = 1.0
    while power * 10 <= amount { power *= 10 }
    while power > amount { power /= 10 }
    var result: [Double] = []
    for digits in [1.0, 10, 100, 1000] {
      let step = power / digits
      var rounded = (amount / step).rounded(.down) * step
      if grain > 0 { rounded = (rounded / grain).rounded(.down) * grain }
      if rounded > 0, rounded < amount, !result.contains(rounded) { result.append(rounded) }
    }
    return result
  }
}

extension AuditPlayer {
  /// What was played last with its amounts, but for those that brought something back.
  fileprivate var genesOfMoves: [AuditGene] {
    var genes: [AuditGene] = []
    for (move, closing) in zip(moves, closing) {
      if !closing { genes.append(move.gene) } else if genes.last != .close { genes.append(.close) }
    }
    return genes
  }

  /// Some of what was played last, for people.
  func steps(_ range: Range<Int>) -> [AuditStep] {
    range.map { index in
      let action = actions[moves[index].action]
      let amounts = moves[index].amounts
      let (before, after) = (held[index], held[index + 1])
      return AuditStep(
        action: action,
        amounts: Array([amounts.first, amounts.second].prefix(action.amounts.count)),
        change: Holdings(a: after.a - before.a, b: after.b - before.b))
    }
  }

  /// The loop that was found in the sequence that was played last.
  var finding: AuditFinding? {
    guard let loop else { return nil }
    return AuditFinding(
      reason: loop.reason, approach: steps(0..<loop.start), loop: steps(loop.start..<loop.end),
      before: held[loop.start], after: held[loop.end], scale: nil)
  }
}
