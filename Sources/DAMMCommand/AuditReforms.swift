import DAMM
import Foundation

/// The smallest fee a leg that takes away what a reform pays, for one pool.
struct ReformCost: Encodable {
  /// Reserves by value.
  let reserves: String
  let funding: String
  /// Whether depth between the new oracle price and the position is capped by what it was.
  let capped: Bool
  /// How far trades may lead, as a part of what the side offers.
  let part: Double
  /// The smallest fee in basis points at which no gain was found; `nil` where one was found at any.
  @OrNull var feeBps: Double?
  let sequences: Int
  /// A sequence that gained at a fee a little smaller.
  let loop: [AuditAnswer.Step]
}

/// What `damm audit --reforms` prints.
struct ReformCosts: Encodable {
  let priceMove: Double
  let sigmaMove: Double
  let seed: UInt64
  let sequences: Int
  let seconds: Double
  let rows: [ReformCost]

  /// Reserves by value, of which one side or the other is the larger.
  static let imbalances = [1, 3, 20]
  static let parts = [0.01, 0.1, 1]

  /// For people: a table with a column a part.
  var text: String {
    let percent = Self.parts.map { "to \(Figures.short(100 * $0, digits: 3)) %" }
    var lines = [["reserves", "funding", "depth"] + percent]
    for start in stride(from: 0, to: rows.count, by: Self.parts.count) {
      let row = rows[start]
      lines.append(
        [row.reserves, row.funding, row.capped ? "capped" : "as formed"]
          + rows[start..<start + Self.parts.count].map {
            $0.feeBps.map { String(format: $0 < 10 ? "%.1f" : "%.0f", $0) } ?? "none"
          })
    }
    return "The smallest fee a leg, in basis points, at which the search finds no gain from one\n"
      + "reform by \(Figures.full(100 * priceMove)) % of price and \(Figures.full(100 * sigmaMove)) % "
      + "of sigma, for trades up to a part of what a side offers:\n\n" + Figures.table(lines)
      + "\n\n\(sequences) sequences in \(Figures.short(seconds, digits: 3)) s, seed \(seed)"
  }
}

extension AuditCommand {
  /// Prints the table of all imbalances and fundings.
  func showReforms() throws {
    let (price, sigma) = (priceMove ?? 0.001, sigmaMove ?? 0.05)
    let began = ContinuousClock.now
    var rows: [ReformCost] = []
    let cells = ReformCosts.imbalances.count * Funding.allCases.count * 2 * ReformCosts.parts.count
    var line = ProgressLine()
    defer { line.end() }
    for imbalance in ReformCosts.imbalances {
      for funding in Funding.allCases {
        for capped in [false, true] {
          for part in ReformCosts.parts {
            line.title = "\(rows.count + 1) of \(cells): "
            rows.append(
              try reformCost(
                imbalance, funding, capped: capped, part: part,
                changes: AuditedPool.ReadingChange.all(price: price, sigma: sigma), cells, line))
          }
        }
      }
    }
    let costs = ReformCosts(
      priceMove: price, sigmaMove: sigma, seed: seed,
      sequences: rows.reduce(0) { $0 + $1.sequences },
      seconds: (ContinuousClock.now - began) / .seconds(1), rows: rows)
    if json { try Output.json(costs) } else { try Output.text(costs.text) }
  }

  /// The worse of both ways in which reserves may be out of balance.
  private func reformCost(
    _ imbalance: Int, _ funding: Funding, capped: Bool, part: Double,
    changes: [AuditedPool.ReadingChange], _ cells: Int, _ line: ProgressLine
  ) throws -> ReformCost {
    let (times, value) = (Double(imbalance), try reserves.reserves())
    let reading = try volatility.reading(price: price ?? .nan)
    let model = try terms(funding, .none)
    let ways: [(Double, Double)] = imbalance == 1 ? [(1, 1)] : [(1, times), (times, 1)]
    var worst: AuditFee?
    var tried = 0
    let spent = minutes.map { $0 * 60 / Double(cells * ways.count * 10) }
    let limits = try AuditLimits(seed: seed, sequences: sequences ?? 3000, seconds: spent)
    for (a, b) in ways {
      let held = try Reserves(a: value.a / a, b: value.b / b)
      let fee: AuditFee
      if capped {
        fee = try smallestFee(limits, line) { bps in
          try CappedTicks(
            model, reading, held, fee: bps / 1e4, changes: changes, mostReadings: readings,
            part: part)
        }
      } else {
        var scope = AuditedPool.Scope()
        (scope.liquidity, scope.waits) = (false, false)
        (scope.readings, scope.mostReadings, scope.part) = (changes, readings, part)
        fee = try smallestFee(limits, line) { bps in
          try AuditedPool(
            pool(held, terms: terms(funding, FeeSchedule(baseBps: bps)), at: nil), scope)
        }
      }
      tried += fee.sequences
      if worst == nil || fee.without ?? .infinity > worst?.without ?? .infinity { worst = fee }
    }
    return ReformCost(
      reserves: "1:\(imbalance)", funding: funding.rawValue, capped: capped, part: part,
      feeBps: worst?.without, sequences: tried,
      loop: worst?.finding?.loop.map(AuditAnswer.Step.init) ?? [])
  }

  /// The smallest fee of one pool: the fee that takes the greatest gain away that is found without one, and
  /// what others may gain at it.
  private func smallestFee<Subject: Auditable>(
    _ limits: AuditLimits, _ line: ProgressLine, _ subject: (Double) throws -> Subject
  ) throws -> AuditFee {
    let best = try Audit(subject(0), limits).greatestGain(progress: line.show)
    let bps = best.rate * 1e4
    var (highest, tried) = (max(1.1 * bps, 0.1), best.sequences)
    while true {
      let fee = try Audit<Subject>.smallestFee(
        0...highest, step: max(0.004 * bps, 1e-3), limits, progress: line.show, subject: subject)
      tried += fee.sequences
      guard fee.without == nil, highest < 5000 else {
        return AuditFee(
          without: fee.without, with: fee.with, finding: fee.finding, sequences: tried)
      }
      highest *= 2
    }
  }
}
