import DAMM

extension IVComparisonReport {
  /// The report for a reader at a terminal.
  var text: String {
    let refusals = refused.values.reduce(0, +)
    let exclusions = excluded.values.reduce(0, +)
    let written = steps.map {
      "\n            steps: premium \(Figures.full($0.premium)), volatility "
        + "\(Figures.full($0.volatility)), forward \(Figures.full($0.forward))"
    }
    var lines = """
      Compared    \(underlying), \(time) UTC, \(source)\(written ?? "")
      Rows        \(rows): \(inverted) inverted, \(refusals) refused, \(exclusions) excluded
                  refused: \(Self.counts(refused)) (\(refusedWithoutQuotedVolatility) without a quoted \
      volatility)
                  excluded: \(Self.counts(excluded))
                  of the inverted, \(withoutQuotedVolatility) have no quoted volatility, \
      \(notCounted) do not count: half a \(steps == nil ? "spread" : "step") is a point

      Implied less quoted volatility, in volatility points
      \(Figures.table(table))
      """
    if let moments {
      let delay = moments.markDelaySeconds.map {
        ", marks are \(Figures.short($0.magnitude, digits: 3)) s \($0 < 0 ? "early" : "late")"
      }
      lines += """


        Agreement   \(agreements)
                    at the forward of their pair, \(refusedInvertedAtPairForward) refused premiums have \
        a volatility
        Moments     price now spreads by \(Figures.short(moments.spotSpread, digits: 2)), forwards of \
        an expiry by \(Figures.short(moments.forwardSpread, digits: 2))\(delay ?? "")
                    largest premium difference \
        \(largestPremiumDifference.map { Figures.short($0, digits: 2) } ?? "-"), \
        \(moments.rowsWithoutForward) rows without a forward
        """
    }
    return lines
  }

  private var agreements: String {
    MarkAgreement.allCases
      .map { "\(agreement[$0.rawValue] ?? 0)".right(5) + " by " + $0.rawValue }
      .joined(separator: "\n            ").replacing("by unexplained", with: "unexplained")
  }

  private var table: [[String]] {
    [["", "rows", "p1", "p5", "p50", "p95", "p99", "largest"]]
      + [
        ("all", all), ("that count", counted), ("at the forward of the pair", countedAtPairForward),
      ].compactMap { name, figures in
        figures.map { figures in
          [name, "\(figures.count)"]
            + [figures.p1, figures.p5, figures.p50, figures.p95, figures.p99, figures.largest]
            .map { Figures.short($0, digits: 3) }
        }
      }
  }

  private static func counts(_ counts: [String: Int]) -> String {
    counts.isEmpty ? "none" : String(IVChainReport.list(counts).dropFirst(2))
  }
}
