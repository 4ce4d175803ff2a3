import DAMMModel

/// Searches sequences: random ones, then changes of the best of these.
struct AuditSearch<Subject: Auditable> {
  var player: AuditPlayer<Subject>
  let random: GSLRandom
  let limits: AuditLimits
  let began = ContinuousClock.now
  private(set) var tried = 0
  /// Compares some sequences with what they do at another scale; `nil` where that is not asked or not offered.
  var scale: AuditScale<Subject>?
  /// Sequences that were compared.
  var scaleSequences = 0
  /// A sequence whose last trade has prices that depend on the scale, and the factor that showed it.
  var offScale: (moves: [AuditMove], factor: Double)?
  private var nextReport = 0.5
  private let report: ((AuditProgress) -> Void)?

  /// How many actions a random sequence has at most, without those that repeat one.
  private static var longest: Int { 8 }
  /// How many actions a sequence may grow to.
  private static var most: Int { 256 }

  init(
    _ subject: Subject, _ limits: AuditLimits, stopsAtGain: Bool, startsAnywhere: Bool = true,
    checksScale: Bool = false, report: ((AuditProgress) -> Void)? = nil
  ) throws(DAMMError) {
    player = AuditPlayer(
      subject, stopsAtGain: stopsAtGain, startsAnywhere: startsAnywhere)
    random = try GSLRandom(seed: limits.seed)
    scale = checksScale ? AuditScale(subject) : nil
    self.limits = limits
    self.report = report
  }

  var seconds: Double { (ContinuousClock.now - began) / .seconds(1) }

  var isOver: Bool {
    tried >= limits.sequences || limits.seconds.map { seconds >= $0 } ?? false
  }

  /// Plays a sequence and returns how good it is.
  mutating func score(_ candidate: AuditCandidate) -> Double {
    player.play(candidate)
    tried += 1
    if let report, tried & 255 == 0, seconds >= nextReport {
      report(AuditProgress(sequences: tried, actions: player.performed, seconds: seconds))
      nextReport = seconds + 0.5
    }
    return player.score
  }

  /// Counts what was played on a copy of the player.
  mutating func count(_ plays: Int, _ performed: Int) {
    tried += plays
    player.performed = performed
  }

  // MARK: Until the first gain

  /// A sequence that gains; `nil` where the limits are reached before one is found, or prices that depend on
  /// the scale are: `offScale` has these.
  ///
  /// - Parameter hints: sequences to begin with.
  mutating func firstGain(_ hints: [AuditCandidate] = []) -> AuditCandidate? {
    for hint in hints where !isOver {
      let score = score(hint)
      if player.loop != nil { return hint }
      let (end, _) = climb(hint, from: score, tries: 200)
      if player.loop != nil { return end }
    }
    while !isOver {
      var best: [(candidate: AuditCandidate, score: Double)] = []
      for _ in 0..<400 where !isOver {
        let candidate = randomCandidate()
        let score = score(candidate)
        if player.loop != nil { return candidate }
        compareScale()
        if offScale != nil { return nil }
        best.append((candidate, score))
        if best.count > 3 {
          best.remove(at: best.indices.min { best[$0].score < best[$1].score }!)
        }
      }
      for start in best {
        let (end, _) = climb(start.candidate, from: start.score, tries: 120)
        if player.loop != nil { return end }
      }
    }
    return nil
  }

  // MARK: The greatest gain

  /// The sequence that gains the most of what it moves, as far as the limits let it be found.
  mutating func greatestGain() -> (candidate: AuditCandidate, rate: Double)? {
    var best: [(candidate: AuditCandidate, score: Double)] = []
    func keep(_ candidate: AuditCandidate, _ score: Double) {
      if best.contains(where: { $0.candidate == candidate || $0.score == score }) { return }
      best.append((candidate, score))
      best.sort { $0.score > $1.score }
      if best.count > 6 { best.removeLast() }
    }
    while !isOver {
      for _ in 0..<400 where !isOver {
        let candidate = randomCandidate()
        keep(candidate, score(candidate))
      }
      for start in best where !isOver {
        let end = climb(start.candidate, from: start.score, tries: 200)
        keep(end.candidate, end.score)
      }
    }
    return best.first.flatMap { $0.score > 0 ? ($0.candidate, $0.score) : nil }
  }

  // MARK: Climbing

  /// Changes a sequence as long as it gets better: its structure at random, its amounts by a simplex. Stops
  /// behind the first gain where the player does.
  mutating func climb(
    _ start: AuditCandidate, from score: Double, tries: Int
  ) -> (candidate: AuditCandidate, score: Double) {
    var (best, value) = (start, score)
    var since = 0
    for _ in 0..<tries where !isOver {
      let changed = changed(best)
      let score = self.score(changed)
      if player.stopsAtGain, player.loop != nil { return (changed, score) }
      since += 1
      if score > value {
        (best, value, since) = (changed, score, 0)
      }
      if since == 40 { break }
    }
    return refine(best, from: value)
  }

  // MARK: Random sequences

  mutating func randomCandidate() -> AuditCandidate {
    var genes: [AuditGene] = []
    let count = 1 + min(random.below(Self.longest), random.below(Self.longest))
    while genes.count < count {
      let gene = randomGene()
      let times = random.chance(6) ? 1 << (1 + random.below(5)) : 1
      genes.append(contentsOf: repeatElement(gene, count: times))
    }
    let start = random.chance(25) ? random.below(genes.count) : 0
    if !random.chance(5) { genes.append(.close) }
    return AuditCandidate(genes: genes, start: start)
  }

  private func randomGene() -> AuditGene {
    .act(random.below(player.actions.count), randomSize(), randomSize())
  }

  private func randomSize() -> AuditSize {
    switch random.below(20) {
    case 0, 1: .place(0)
    case 2, 3: .place(1)
    case 4: .value(Double(1 + random.below(9)))
    case 5, 6, 7: .undo(random.chance(50) ? .a : .b, back: 1 + random.below(3))
    case 8: .difference(random.chance(50) ? .a : .b)
    case 9, 10, 11: .place(1 - random.uniform() * random.uniform() * 0.1)
    default: .place(random.uniform())
    }
  }

  /// The same with something else somewhere.
  private func changed(_ candidate: AuditCandidate) -> AuditCandidate {
    var changed = candidate
    repeat {
      let place = random.below(max(1, changed.genes.count))
      switch random.below(12) {
      case 0, 1: changed.genes.insert(randomGene(), at: place)
      case 2 where changed.genes.count > 1: changed.genes.remove(at: place)
      case 3 where !changed.genes.isEmpty: changed.genes[place] = randomGene()
      case 4 where changed.genes.count > 1:
        changed.genes.swapAt(place, random.below(changed.genes.count))
      case 5 where !changed.genes.isEmpty:
        let length = 1 + random.below(min(4, changed.genes.count - place))
        changed.genes.insert(
          contentsOf: changed.genes[place..<place + length], at: place + length)
      case 6: changed.start = random.below(max(1, changed.genes.count))
      case 7: changed.genes.append(.close)
      case 8 where !changed.genes.isEmpty: changed.genes.insert(.close, at: place)
      default:
        guard place < changed.genes.count,
          case .act(let action, let first, let second) = changed.genes[place]
        else { continue }
        changed.genes[place] =
          random.chance(70)
          ? .act(action, nudged(first), second) : .act(action, first, nudged(second))
      }
    } while random.chance(30)
    if changed.genes.count > Self.most { changed.genes.removeSubrange(Self.most...) }
    return changed
  }

  private func nudged(_ size: AuditSize) -> AuditSize {
    guard case .place(let place) = size, !random.chance(20) else { return randomSize() }
    // steps of every magnitude
    let width = AuditSize.widths[random.below(AuditSize.widths.count)]
    return .place(min(1, max(0, place + (random.uniform() - 0.5) * width)))
  }
}

extension AuditSize {
  fileprivate static let widths = [0.5, 0.1, 0.03, 0.01, 0.003, 0.001, 1e-4]
}
