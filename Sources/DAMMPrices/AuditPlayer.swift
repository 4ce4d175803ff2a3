import DAMMModel

/// Plays sequences on copies of a subject and looks, behind every action, for a loop that took something
/// out for nothing.
struct AuditPlayer<Subject: Auditable> {
  /// Where every sequence begins.
  let subject: Subject
  let actions: [AuditAction]
  /// Whether it stops at the first gain, or only measures.
  private(set) var stopsAtGain: Bool
  /// Actions done so far in the life of the player, refused ones included.
  var performed = 0

  // The sequence that was played last: what was done, and what was held before and behind each.
  private(set) var moves: [AuditMove] = []
  /// Which of them brought something back.
  private(set) var closing: [Bool] = []
  private var isClosing = false
  private(set) var held: [Holdings] = []
  /// All that has moved until then.
  private var turnover: [Holdings] = []
  /// The most noise of an action until then.
  private var noise: [Holdings] = []
  /// Whether a loop may begin there: the outsider owns no part.
  private var mayBegin: [Bool] = []
  private(set) var loop: AuditLoop?

  /// Trades that bring a token back to what was held.
  private var trades: [AuditTrade] = []
  private var withdrawals: [Int] = []

  /// Whether a loop may begin behind the first action.
  private let startsAnywhere: Bool

  init(_ subject: Subject, stopsAtGain: Bool, startsAnywhere: Bool = true) {
    self.subject = subject
    self.startsAnywhere = startsAnywhere
    self.stopsAtGain = stopsAtGain
    actions = subject.actions
    withdrawals = actions.indices.filter { actions[$0].role == .withdrawal }
    trades = actions.indices.compactMap { probe($0) }
  }

  // MARK: Playing

  /// Plays a sequence; `loop` says what it found.
  mutating func play(_ candidate: AuditCandidate) {
    var state = subject
    begin(state)
    for gene in candidate.genes {
      switch gene {
      case .act(let action, let first, let second):
        guard let amounts = amounts(first, second, of: action, state, since: candidate.start)
        else { continue }
        act(&state, AuditMove(action: action, amounts: amounts))
      case .close: close(&state, since: min(candidate.start, held.count - 1))
      }
      if stopsAtGain, loop != nil { return }
    }
  }

  /// Plays actions as they were done.
  mutating func play(_ moves: [AuditMove]) {
    play(AuditCandidate(genes: moves.map(\.gene)))
  }

  /// Plays actions as they were done, to the end.
  mutating func play(_ moves: [AuditMove], stopping: Bool) {
    let before = stopsAtGain
    stopsAtGain = stopping
    play(moves)
    stopsAtGain = before
  }

  private mutating func begin(_ state: Subject) {
    moves.removeAll(keepingCapacity: true)
    closing.removeAll(keepingCapacity: true)
    isClosing = false
    held.removeAll(keepingCapacity: true)
    turnover.removeAll(keepingCapacity: true)
    noise.removeAll(keepingCapacity: true)
    mayBegin.removeAll(keepingCapacity: true)
    held.append(state.holdings)
    turnover.append(.zero)
    noise.append(state.noise)
    mayBegin.append(!state.owesOutsider)
    loop = nil
  }

  private mutating func act(_ state: inout Subject, _ move: AuditMove) {
    performed += 1
    guard (try? state.perform(move.action, move.amounts)) != nil else {
      // a refusal should change nothing; where it does, that is looked at like any action
      if state.holdings == held[held.count - 1] { return }
      return record(state, move)
    }
    record(state, move)
  }

  private mutating func record(_ state: Subject, _ move: AuditMove) {
    let (before, now) = (held[held.count - 1], state.holdings)
    let (most, mine) = (noise[noise.count - 1], state.noise)
    let sum = turnover[turnover.count - 1]
    moves.append(move)
    closing.append(isClosing)
    held.append(now)
    turnover.append(
      Holdings(a: sum.a + (now.a - before.a).magnitude, b: sum.b + (now.b - before.b).magnitude))
    noise.append(Holdings(a: max(most.a, mine.a), b: max(most.b, mine.b)))
    mayBegin.append(startsAnywhere && !state.owesOutsider)
    look()
  }

  // MARK: Gains

  /// Looks for a loop that ends here and has gained.
  private mutating func look() {
    let end = held.count - 1
    guard loop == nil else { return }
    let (now, noise) = (held[end], noise[end])
    if now.a < -noise.a * Double(end) || now.b < -noise.b * Double(end) {
      loop = AuditLoop(start: 0, end: end, reason: .insolvent)
      return
    }
    for start in 0..<end where mayBegin[start] {
      let then = held[start]
      guard then.a >= now.a, then.b >= now.b else { continue }
      let steps = Double(end - start)
      if then.a - now.a > noise.a * steps || then.b - now.b > noise.b * steps {
        loop = AuditLoop(start: start, end: end, reason: .gain)
        return
      }
    }
  }

  /// What a loop gains of what it moves, the more the better: of both tokens together where it gains both,
  /// or else of the worse one; `nil` where nothing moves.
  private func rate(_ start: Int, _ end: Int) -> Double? {
    func part(_ gain: Double, _ moved: Double) -> Double { moved > 0 ? gain / moved : 0 }
    let (then, now) = (held[start], held[end])
    let moved = Holdings(
      a: turnover[end].a - turnover[start].a, b: turnover[end].b - turnover[start].b)
    guard moved.a > 0 || moved.b > 0 else { return nil }
    let (a, b) = (part(then.a - now.a, moved.a), part(then.b - now.b, moved.b))
    return a >= 0 && b >= 0 ? a + b : min(a, b)
  }

  /// How good the sequence that was played is: the best rate of any loop that ends it, -1 where there is
  /// none; where gains are measured, over A alone.
  var score: Double {
    let end = held.count - 1
    if !stopsAtGain, let gain = gainOfNotional { return gain.rate }
    var best = -1.0
    for start in 0..<end where mayBegin[start] {
      if let rate = rate(start, end), rate > best { best = rate }
    }
    return best.isFinite ? (stopsAtGain ? best : min(best, 0)) : -1
  }

  /// The best gain over the A that moved, of loops that end the sequence and give no B; `nil` without one.
  var gainOfNotional: (start: Int, rate: Double)? {
    let end = held.count - 1
    var best: (start: Int, rate: Double)?
    for start in 0..<end where mayBegin[start] && held[start].b >= held[end].b {
      let moved = turnover[end].a - turnover[start].a
      let rate = (held[start].a - held[end].a) / moved
      if moved > 0, rate > best?.rate ?? 0 { best = (start, rate) }
    }
    return best
  }

  // MARK: Amounts

  /// The amounts of an action now; `nil` where it makes no sense.
  private func amounts(
    _ first: AuditSize, _ second: AuditSize, of action: Int, _ state: Subject, since start: Int
  ) -> AuditAmounts? {
    let kinds = actions[action].amounts
    func amount(_ number: Int, _ size: AuditSize) -> Double? {
      guard number < kinds.count else { return 0 }
      let value: Double
      switch size {
      case .value(let given): value = given
      case .place(let place):
        guard let range = state.range(ofAmount: number, of: action) else { return nil }
        value = range.number(at: place)
      case .undo(let token, let back):
        let place = held.count - 1 - back
        guard place >= 0 else { return nil }
        value = (held[place + 1][token] - held[place][token]).magnitude
      case .difference(let token):
        value = (held[held.count - 1][token] - held[min(start, held.count - 1)][token]).magnitude
      }
      let grain = kinds[number].grain
      let whole = grain > 0 ? (value / grain).rounded() * grain : value
      return whole > 0 && whole.isFinite ? whole : nil
    }
    guard let one = amount(0, first), let two = amount(1, second) else { return nil }
    return AuditAmounts(one, two)
  }

  // MARK: Coming back

  /// Withdraws what is the outsider's, then does the trade that leaves the best loop since `start`.
  private mutating func close(_ state: inout Subject, since start: Int) {
    isClosing = true
    defer { isClosing = false }
    for _ in 0..<8 where state.owesOutsider {
      for action in withdrawals {
        let ranges = actions[action].amounts.indices.map {
          state.range(ofAmount: $0, of: action)?.upperBound
        }
        if ranges.contains(nil) { continue }
        let amounts = AuditAmounts(
          ranges.first.flatMap { $0 } ?? 0, ranges.dropFirst().first.flatMap { $0 } ?? 0)
        act(&state, AuditMove(action: action, amounts: amounts))
        if stopsAtGain, loop != nil { return }
      }
    }
    let then = held[start]
    var best: (move: AuditMove, rate: Double)?
    for token in Token.allCases {
      let surplus = state.holdings[token] - then[token]
      guard surplus != 0 else { continue }
      // halving takes many trades: only where none fixes the token
      let fitting = trades.filter { $0.lowers(token) == (surplus > 0) }
      let isFixed = fitting.contains { $0.fixed == token }
      for trade in fitting where !isFixed || trade.fixed == token {
        guard
          let amount = trade.amount(
            bringing: token, to: then[token], state, counting: &performed)
        else { continue }
        performed += 1
        var copy = state
        let move = AuditMove(action: trade.action, amounts: AuditAmounts(amount))
        guard (try? copy.perform(trade.action, move.amounts)) != nil else { continue }
        let after = copy.holdings
        let (gainA, gainB) = (then.a - after.a, then.b - after.b)
        let (a, b) = (gainA / max(then.a, after.a, 1e-300), gainB / max(then.b, after.b, 1e-300))
        let rate = a >= 0 && b >= 0 ? a + b : min(a, b)
        if rate > best?.rate ?? -.infinity { best = (move, rate) }
      }
    }
    if let best { act(&state, best.move) }
  }

  /// What a trade does to each token, tried in the middle of its range and near its ends.
  private mutating func probe(_ action: Int) -> AuditTrade? {
    guard actions[action].role == .trade, let kind = actions[action].amounts.first else {
      return nil
    }
    for place in [0.5, 0.75, 0.25, 0.9, 1] {
      var copy = subject
      guard let range = copy.range(ofAmount: 0, of: action) else { return nil }
      var amount = range.number(at: place)
      if kind.grain > 0 { amount = max(1, (amount / kind.grain).rounded()) * kind.grain }
      let before = copy.holdings
      performed += 1
      guard (try? copy.perform(action, AuditAmounts(amount))) != nil else { continue }
      let after = copy.holdings
      let change = Holdings(a: after.a - before.a, b: after.b - before.b)
      guard change.a * change.b < 0 else { continue }
      func fixes(_ token: Token) -> Bool {
        (change[token].magnitude - amount).magnitude <= 1e-9 * amount
      }
      let fixed: Token? = fixes(.a) ? .a : fixes(.b) ? .b : nil
      return AuditTrade(action: action, lowersA: change.a < 0, fixed: fixed, grain: kind.grain)
    }
    return nil
  }
}

/// A loop in a sequence that was played: from behind so many actions to behind so many.
struct AuditLoop: Equatable, Sendable {
  var start: Int
  var end: Int
  var reason: AuditFinding.Reason
}
