import DAMM

extension IVChainReport {
  /// The report for a reader at a terminal.
  var text: String {
    let convention = "Black-76, \(price.rawValue) prices, years of 365 days"
    var blocks = [
      """
      Chain       \(underlying), \(time) UTC, \(source)
                  \(convention)
      Quotes      \(quotes): \(usableQuotes) usable\(Self.list(excludedQuotes))
      Volatility  \(Figures.full(horizon.volatility)) at the money over \
      \(Figures.full(horizon.days)) days
                  \(horizon.place.rawValue): \(horizon.expiries.joined(separator: ", ")) UTC
                  total variance \(Figures.full(horizon.totalVariance))
      """,
      Figures.table(
        [["expiry, UTC", "days", "forward", "volatility", "total variance", "forward from", ""]]
          + expiries.map(\.cells)),
      "Quotes used\n"
        + Figures.table(
          [["option", "price", "premium", "forward", "volatility", "quoted"]]
            + expiries.filter(\.isUsed).flatMap(\.strikes).flatMap(\.quotes).map(\.cells)),
    ]
    blocks += expiriesWithout.map {
      "No volatility at the money for \($0.expiry) UTC: \($0.reason), of \($0.quotes) quotes."
    }
    blocks += fallsOfTotalVariance.map {
      "Total variance falls from \(Figures.short($0.totalVariance)) at \($0.expiry) to "
        + "\(Figures.short($0.nextTotalVariance)) at \($0.next): calendar arbitrage, or quotes that "
        + "do not belong together."
    }
    return blocks.joined(separator: "\n\n")
  }

  /// Counts by reason, the most frequent first, after a comma.
  static func list(_ counts: [String: Int]) -> String {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { ", \($0.value) \($0.key)" }.joined()
  }
}

extension IVChainReport.Expiry {
  fileprivate var cells: [String] {
    [
      expiry, Figures.short(days, digits: 5), Figures.short(forward, digits: 8),
      Figures.short(volatility), Figures.short(totalVariance),
      forwardSource.rawValue
        + (discount == 1 ? "" : ", discount \(Figures.short(discount))"),
      (isUsed ? "used" : "") + (isOneSided ? " one side only" : ""),
    ]
  }
}

extension IVChainReport.Quote {
  fileprivate var cells: [String] {
    [
      instrument, price.rawValue,
      Figures.short(premium, digits: 9) + (quotation == .coin ? " coin" : ""),
      Figures.short(forward, digits: 8), Figures.short(volatility),
      quotedVolatility.map { Figures.short($0) } ?? "-",
    ]
  }
}
