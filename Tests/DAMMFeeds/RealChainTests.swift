import DAMMFeeds
import DAMMModel
import DAMMOracle
import Foundation
import TestSupport
import Testing

/// The chains of real venues, where they lie beside the checkout.
@Suite("Real option chains")
struct RealChainTests {
  private static func comparisons(_ folder: String) throws -> [ChainComparison] {
    guard let folder = Files.shared(folder) else { return [] }
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "csv" }
    return try files.sorted { $0.path < $1.path }.flatMap { url in
      try OptionChainFile(contentsOf: url).chains.map {
        ChainComparison($0, rule: try QuoteRule())
      }
    }
  }

  private static func isWhole(_ comparison: ChainComparison) -> Bool {
    comparison.rows
      == comparison.inverted + comparison.refused.values.reduce(0, +)
      + comparison.excluded.values.reduce(0, +)
      && comparison.inverted
        == (comparison.counted?.count ?? 0) + comparison.uncounted + comparison.unquoted
  }

  @Test("coin: every row that counts agrees, and it is known why")
  func coin() throws {
    let all = try Self.comparisons("deribit-chain-2026")
    guard !all.isEmpty else { return }
    #expect(all.map(\.rows).reduce(0, +) == 8000)
    #expect(all.map(\.underlying) == Array(repeating: ["BTC", "ETH"], count: 5).flatMap(\.self))
    for chain in all {
      #expect(Self.isWhole(chain))
      #expect(chain.unexplained.isEmpty, "\(chain.source): \(chain.unexplained.prefix(3))")
      // Venue's steps, from the digits of the file.
      #expect(chain.steps?.premium == (chain.underlying == "BTC" ? 1e-8 : 1e-6))
      #expect(chain.steps?.volatility == 1e-4 && chain.steps?.forward == 0.01)
      // The loosest reason is not needed, and the next one rarely.
      #expect(chain.agreement[.spotRange] == nil)
      #expect(chain.agreement[.forwardRange, default: 0] * 10 < chain.rows)
      let difference = try #require(chain.largestPremiumDifference)
      #expect(difference <= Tolerance.polledPremium.relative)
      #expect(Set(chain.refused.keys).isSubset(of: Self.refusals))
      #expect(chain.excluded.isEmpty && chain.unquoted == 0)
      let delay = try #require(chain.moments?.markDelaySeconds)
      #expect(delay.magnitude < MarkMoments.pollingSeconds)
    }
  }

  /// Marks below the intrinsic value of a recorded forward of another moment, and marks of zero.
  private static let refusals: Set = ["premium below intrinsic", "premium at intrinsic"]

  @Test("coin, near the money at 481 times: every row that counts agrees")
  func nearTheMoney() throws {
    let all = try Self.comparisons("deribit-atm-2026")
    guard !all.isEmpty else { return }
    #expect(all.count == 2 * 481 && all.map(\.rows).reduce(0, +) == 7696)
    #expect(all.filter { !Self.isWhole($0) }.isEmpty)
    #expect(all.allSatisfy { $0.inverted == $0.rows && $0.uncounted == 0 })
    // Eight rows of an underlying show few of its forwards. The one row that is left is of a time of
    // which there is a whole chain, and there it agrees.
    #expect(all.flatMap(\.unexplained).count <= 1)
    #expect(all.map { $0.agreement[.spotRange, default: 0] }.reduce(0, +) < 77)
    #expect(
      all.compactMap(\.largestPremiumDifference).allSatisfy {
        $0 <= Tolerance.polledPremium.relative
      })
  }

  @Test(
    "an error of five steps in the quoted volatilities, or of a hundredth in the marks, is seen")
  func notVacuous() throws {
    guard
      let url = Files.shared("deribit-chain-2026/deribit_options_snapshot_20251230T173115Z.csv")
    else { return }
    for chain in try OptionChainFile(contentsOf: url).chains {
      func strange(_ change: (OptionQuote) -> (mark: Double?, quoted: Double?)) throws -> Int {
        let quotes = try chain.quotes.map { quote in
          let (mark, quoted) = change(quote)
          return try OptionQuote(
            instrument: quote.instrument, kind: quote.kind, strike: quote.strike,
            expiry: quote.expiry, time: quote.time, quotation: quote.quotation, bid: quote.bid,
            ask: quote.ask, mark: mark, quotedVolatility: quoted, forward: quote.forward,
            spot: quote.spot)
        }
        let changed = try OptionChain(
          underlying: "changed", time: chain.time, quotes: quotes, source: "changed",
          steps: chain.steps)
        let agreement = ChainComparison(changed, rule: try QuoteRule()).agreement
        return agreement[.unexplained, default: 0] + agreement[.spotRange, default: 0]
      }
      #expect(try strange { ($0.mark, $0.quotedVolatility) } == 0)
      let volatilities = try strange { ($0.mark, $0.quotedVolatility.map { $0 + 5e-4 }) }
      let marks = try strange { ($0.mark.map { $0 * 1.01 }, $0.quotedVolatility) }
      print("\(chain.underlying): \(volatilities) and \(marks) of \(chain.quotes.count) rows seen")
      #expect(volatilities > 100 && marks > 100)
    }
  }

  @Test("an index: a distribution, for its model is not known")
  func index() throws {
    let all = try Self.comparisons("spx-chain-2019")
    guard let chain = all.first else { return }
    #expect(all.count == 1 && chain.rows == 13_522 && Self.isWhole(chain))
    #expect(chain.excluded == ["no bid": 885, "expired": 294])
    #expect(chain.refused == ["premium below intrinsic": 510, "premium no information": 1])
    #expect(chain.agreement.isEmpty && chain.moments == nil)
    let counted = try #require(chain.counted)
    #expect(counted.count > 8000 && counted.p50.magnitude < 0.05)
    #expect(counted.p1 > -0.1 && counted.p99 < 0.5 && counted.largest < 1)
  }

  @Test("volatilities at the money of real chains, at a week")
  func terms() throws {
    for folder in ["deribit-chain-2026", "spx-chain-2019"] {
      guard let url = Files.shared(folder) else { continue }
      let files = try FileManager.default.contentsOfDirectory(
        at: url, includingPropertiesForKeys: nil
      ).filter { $0.pathExtension == "csv" }
      for chain in try files.flatMap({ try OptionChainFile(contentsOf: $0).chains }) {
        let term = try VolatilityTermStructure(chain, rule: QuoteRule())
        #expect(term.gaps.isEmpty && term.falls.isEmpty)
        #expect(term.expiries.allSatisfy { !$0.isOneSided && $0.forward.count >= 20 })
        for expiry in term.expiries {
          // The quoted volatilities of the quotes that were used.
          let quoted = expiry.strikes.flatMap(\.quotes).compactMap(\.quote.quotedVolatility)
          let (low, high) = (quoted.min() ?? 0, quoted.max() ?? 0)
          #expect(expiry.volatility > low - 0.01 && expiry.volatility < high + 0.01)
        }
        let week = try term.volatility(horizonDays: 7)
        #expect(week.volatility > 0.1 && week.volatility < 1.5)
      }
    }
  }
}
