/// The rows of a sweep that no other one beats: none is at least as good in every objective and better in one.
public struct SweepPareto: Sendable, Hashable {
  /// What is compared.
  public let objectives: [SweepObjective]
  /// The rows that nobody beats, by their places, the best by the first objective first; those alike in all objectives
  /// stay together. Rows without one of the values take no part.
  public let front: [Int]
  /// How many rows took part.
  public let compared: Int

  /// The front of some rows.
  ///
  /// - Complexity: `n log n`, and `n` times the length of the front.
  public init(_ rows: [SweepRow], _ objectives: [SweepObjective]) {
    self.objectives = objectives
    var candidates: [(index: Int, scores: [Double])] = []
    for (index, row) in rows.enumerated() {
      let scores = objectives.compactMap { $0.score(row) }
      if scores.count == objectives.count { candidates.append((index, scores)) }
    }
    compared = candidates.count
    candidates.sort { left, right in
      for (a, b) in zip(left.scores, right.scores) where a != b { return a > b }
      return left.index < right.index
    }
    // whoever beats a row stands before it, or is beaten by somebody of the front who does, too
    var kept: [(index: Int, scores: [Double])] = []
    for candidate in candidates
    where !kept.contains(where: { Self.beats($0.scores, candidate.scores) }) {
      kept.append(candidate)
    }
    front = kept.map(\.index)
  }

  private static func beats(_ left: [Double], _ right: [Double]) -> Bool {
    left != right && zip(left, right).allSatisfy { $0 >= $1 }
  }
}
