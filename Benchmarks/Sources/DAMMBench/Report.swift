/// All that a run tells.
struct Report: Encodable {
  /// One contender of a row.
  struct Line: Encodable {
    let name: String
    let isOurs: Bool
    /// The largest relative error against the reference.
    let worstError: Double?
    /// Nanoseconds an operation.
    let p0, p50, p90, p99: Double
    /// How many times longer the best peer took; none without peers.
    let timesBestPeer: Double?
    /// What `p50` must not exceed.
    let target: Double?
  }

  struct RowResult: Encodable {
    let section: Row.Section
    let title: String
    let unit: String
    let lines: [Line]
    let notes: [String]
  }

  /// A target and what became of it.
  struct Outcome: Encodable {
    let subject: String
    let measured: Double
    let unit: String
    let bound: Bound
    let holds: Bool
  }

  let machine: Machine
  let seed: UInt64
  let rounds: Int
  let sampleMilliseconds: Double
  let proofSamples: Int
  let sizes: Int
  let rows: [RowResult]
  let allocations: [Allocations.Count]
  /// MiB of ten thousand pools and their tables.
  let poolMemory: Double?
  /// Settlements a second.
  let settlements: [SettlementLoad]
  /// Sweeps on one thread, on two, and in two processes.
  let sweeps: [SweepLoad]
  let outcomes: [Outcome]
  let notes: [String]
}

extension Report.RowResult {
  init(_ row: Row, _ findings: [Contender.Finding?], _ times: [[Double]]) {
    let peers = row.contenders.indices.filter { !row.contenders[$0].isOurs }
    let best = Statistics.fastest(peers.map { times[$0] }).map { times[peers[$0]] }
    section = row.section
    title = row.title
    unit = row.unit
    notes = row.notes
    lines = row.contenders.indices.map { i in
      func percentile(_ part: Double) -> Double { Statistics.percentile(times[i], part) }
      return .init(
        name: row.contenders[i].name, isOurs: row.contenders[i].isOurs,
        worstError: findings[i]?.worst, p0: percentile(0), p50: percentile(0.5),
        p90: percentile(0.9), p99: percentile(0.99),
        timesBestPeer: best.map { Statistics.ratio($0, to: times[i]) },
        target: row.contenders[i].target)
    }
  }

  /// What became of the targets of a row.
  func outcomes(_ row: Row, _ times: [[Double]]) -> [Report.Outcome] {
    let subject = "\(section.rawValue): \(title)"
    let ofLines = lines.compactMap { line in
      line.target.map {
        Report.Outcome(
          subject: "\(subject), \(line.name)", measured: line.p50, unit: "ns a \(unit)",
          bound: .atMost($0))
      }
    }
    return ofLines
      + row.demands.map {
        Report.Outcome(
          subject: "\(subject), \($0.title)", measured: $0.value(times), unit: "times",
          bound: $0.bound)
      }
  }
}

extension Report.Outcome {
  init(subject: String, measured: Double, unit: String, bound: Bound) {
    self.init(
      subject: subject, measured: measured, unit: unit, bound: bound,
      holds: bound.holds(measured))
  }
}

extension Report {
  static func outcomes(
    allocations: [Allocations.Count], poolMemory: Double?
  ) -> [Outcome] {
    allocations.compactMap { count in
      count.target.map {
        Outcome(
          subject: "Heap allocations: \(count.name)", measured: count.calls, unit: "calls",
          bound: .atMost($0))
      }
    }
      + [poolMemory].compactMap { $0 }.map {
        Outcome(
          subject: "Memory of \(grouped(Pools.count)) pools and their tables", measured: $0,
          unit: "MiB", bound: .atMost(64))
      }
  }
}
