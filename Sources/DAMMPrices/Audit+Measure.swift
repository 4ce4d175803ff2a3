import DAMMModel

/// What a sequence gains of the A that it moves: where nothing else costs anything, the fee a leg that would
/// take the gain away.
public struct AuditGain: Sendable, Hashable {
  /// Gain over the A that moved, as a rate; 0 where nothing was found.
  public let rate: Double
  /// The sequence from where the loop began, as it was played; empty where nothing was found.
  public let loop: [AuditStep]
  /// Sequences tried.
  public let sequences: Int
}

/// The smallest fee at which no gain was found.
public struct AuditFee: Sendable, Hashable {
  /// The smallest fee at which none was found, in the unit of the caller; `nil` where one was found even at
  /// the highest.
  public let without: Double?
  /// The largest fee at which one was found; `nil` where none was found even at the lowest.
  public let with: Double?
  /// A sequence that gained there, made short.
  public let finding: AuditFinding?
  /// Sequences tried.
  public let sequences: Int

  /// An answer; for who searches in several steps.
  public init(without: Double?, with: Double?, finding: AuditFinding?, sequences: Int) {
    self.without = without
    self.with = with
    self.finding = finding
    self.sequences = sequences
  }
}

extension Audit {
  /// Searches for the sequence that gains the most of the A that it moves and gives no B. All its actions count,
  /// from where the subject stands.
  ///
  /// - Parameter progress: is told now and then how far the search has come.
  /// - Throws: `DAMMError.gsl` if there is no memory.
  public func greatestGain(
    progress: ((AuditProgress) -> Void)? = nil
  ) throws(DAMMError) -> AuditGain {
    var search = try AuditSearch(
      subject, limits, stopsAtGain: false, startsAnywhere: false, report: progress)
    guard let best = search.greatestGain() else {
      return AuditGain(rate: 0, loop: [], sequences: search.tried)
    }
    search.player.play(best.candidate)
    return AuditGain(
      rate: best.rate, loop: search.player.bestLoop, sequences: search.tried)
  }

  /// Finds by halving the smallest fee at which the search no longer finds a gain, from the lowest to the
  /// highest. What gained at one fee is where the search begins at the next. All actions of a sequence count,
  /// from where the subject stands: what must be done first pays its fee as well.
  ///
  /// - Parameters:
  ///   - fees: the lowest and the highest that are tried, in a unit of your choice.
  ///   - step: how far the two answers lie apart at most; positive.
  ///   - limits: what the search at each fee may spend.
  ///   - progress: is told now and then how far the search at a fee has come.
  ///   - subject: the subject with a fee.
  /// - Throws: what `subject` throws, and `DAMMError.gsl`.
  public static func smallestFee(
    _ fees: ClosedRange<Double>, step: Double, _ limits: AuditLimits,
    progress: ((AuditProgress) -> Void)? = nil, subject: (Double) throws -> Subject
  ) throws -> AuditFee {
    var hints: [AuditCandidate] = []
    var (tried, finding): (Int, AuditFinding?) = (0, nil)
    var (low, high) = (fees.lowerBound, fees.upperBound)
    func gains(_ fee: Double) throws -> Bool {
      var search = try AuditSearch(
        subject(fee), limits, stopsAtGain: true, startsAnywhere: false, report: progress)
      defer { tried += search.tried }
      guard let candidate = search.firstGain(hints) else { return false }
      hints = [candidate] + hints.prefix(3)
      finding = search.shortest(candidate)
      return true
    }
    guard try gains(low) else {
      return AuditFee(without: low, with: nil, finding: nil, sequences: tried)
    }
    if try gains(high) {
      return AuditFee(without: nil, with: high, finding: finding, sequences: tried)
    }
    while high - low > step, low < (low + high) / 2, (low + high) / 2 < high {
      let fee = (low + high) / 2
      if try gains(fee) { low = fee } else { high = fee }
    }
    return AuditFee(without: high, with: low, finding: finding, sequences: tried)
  }
}

extension AuditPlayer {
  /// The loop of the greatest gain over A of the sequence that was played last.
  fileprivate var bestLoop: [AuditStep] {
    guard let best = gainOfNotional else { return [] }
    return steps(best.start..<moves.count)
  }
}
