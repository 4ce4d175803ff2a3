import DAMM
import DAMMReference

/// What an answer should be.
struct Exact {
  let value: Wide
  /// What a relative error of the input does to it, at least 1.
  let condition: Double
}

/// Answers against the reference, before anything is measured.
enum Proof {
  /// What a peer may err by and still count as an answer.
  static let peerBound = 1e-6

  /// A contender that is wrong: nothing is measured then.
  struct Wrong: Error, CustomStringConvertible {
    let description: String
  }

  /// Compares answers with exact ones.
  ///
  /// - Parameter allowed: a bound on the relative error for condition 1.
  static func compare(_ answers: [Double], _ exact: [Exact], allowed: Double) -> Contender.Finding {
    var finding = Contender.Finding()
    for (answer, exact) in zip(answers, exact) {
      let error = relativeError(answer, exact.value)
      // what is not a number is wrong
      guard error.isFinite else { return .init(worst: .infinity, excess: .infinity) }
      finding.worst = max(finding.worst, error)
      finding.excess = max(finding.excess, error / (allowed * exact.condition))
    }
    return finding
  }

  /// `|answer - exact| / exact`.
  static func relativeError(_ answer: Double, _ exact: Wide) -> Double {
    abs(((Wide(answer) - exact) / exact).double)
  }

  /// The largest relative difference of two series of answers.
  static func difference(_ one: [Double], _ other: [Double]) -> Double {
    guard one.count == other.count else { return .infinity }
    return zip(one, other).reduce(0) { worst, pair in
      let difference = abs(pair.0 - pair.1) / abs(pair.1)
      return difference.isFinite ? max(worst, difference) : .infinity
    }
  }

  /// Findings of all contenders of a row.
  ///
  /// - Throws: `Wrong` for a contender whose error exceeds what it is allowed.
  static func run(_ row: Row, samples: Int) throws -> [Contender.Finding?] {
    let findings = try row.contenders.map { contender -> Contender.Finding? in
      contender.reset()
      guard let finding = contender.prove?(min(samples, contender.count)) else { return nil }
      guard finding.excess <= 1 else {
        throw Wrong(
          description: "\(row.title): \(contender.name) is wrong by \(finding.worst), "
            + "\(finding.excess) times what it may be")
      }
      return finding
    }
    if let difference = try row.agreement?(), difference > peerBound {
      throw Wrong(description: "\(row.title): the contenders differ by \(difference)")
    }
    return findings
  }
}

/// The reference that judges: 20 digits.
typealias WideCurve = ReferenceCurve<Wide>

extension WideCurve {
  /// What the order does not fix, exactly, and how a relative error of what it fixes acts on it.
  mutating func exact(_ order: Order) -> Exact {
    let fill = swap(order)
    // what the last bit of an order costs; a position at an edge is a tick off, which is nothing here
    let price = price.double
    let condition = price * fill.b.double / fill.a.double
    switch order.size {
    case .notional: return Exact(value: fill.b, condition: max(1, 1 / condition))
    default: return Exact(value: fill.a, condition: max(1, condition))
    }
  }
}
