import DAMMFeeds
import DAMMModel
import DAMMReplay
import Foundation
import Testing

/// The demo log and, where they are, the logs of real pools: each number against the text itself.
@Suite("Whole logs")
struct RealLogTests {
  static let logs = [LogFixture.demo] + LogFixture.real

  /// The six columns of a log that has no quotes, read another way: split at line ends and commas.
  static func rows(_ url: URL) throws -> [[Substring]] {
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    let header = lines[0].split(separator: ",", omittingEmptySubsequences: false)
    let index = try PoolSwap.Column.allCases.map {
      try #require(header.firstIndex(of: Substring($0.rawValue)))
    }
    return lines.dropFirst().map { line in
      let values = line.split(separator: ",", omittingEmptySubsequences: false)
      return index.map { values[$0] }
    }
  }

  @Test("all rows are read, digit for digit", arguments: logs)
  func everyRow(url: URL) throws {
    let log = try LogFixture.log(url)
    let rows = try Self.rows(url)
    #expect(log.rows == rows.count)
    #expect(log.emptySwaps == 0)
    let swaps = rows.enumerated().filter { $0.element[1] == "SWAP" }
    try #require(log.swaps.count == swaps.count)
    // One expectation for all: thousands of them take longer than the reading.
    let wrong = zip(log.swaps, swaps).filter { swap, numbered in
      let read = [
        "\(swap.time)", "SWAP", "\(swap.amount0)", "\(swap.amount1)", "\(swap.sqrtPriceX96)",
        "\(swap.tick).0",
      ]
      return swap.line != numbered.offset + 2 || read.map { $0[...] } != numbered.element
    }
    #expect(wrong.map(\.0.line) == [])
  }

  @Test("amounts are the nearest Doubles", arguments: logs)
  func amounts(url: URL) throws {
    let pair = try TokenPair()
    let wrong = try LogFixture.log(url).swaps.filter { swap in
      let (a, b) = pair.amounts(of: swap)
      return [(a, swap.amount0, 6), (b, swap.amount1, 18)].contains { amount, integer, decimals in
        // An amount that does not fit 128 bits, or that these cannot check, is wrong here.
        guard let exact = Int128(integer.description) else { return true }
        return ConversionTests.isNearest(amount, to: exact, decimals: decimals) != true
      }
    }
    #expect(wrong.map(\.line) == [])
  }

  @Test("prices lie within the tick that the log names", arguments: logs)
  func prices(url: URL) throws {
    let pair = try TokenPair()
    // An exponential of a number near 20, with a few ulp in either, bounds a price to this.
    let slack = 100 * Tolerance.chainPrice.relative
    func edge(_ tick: Int) -> Double { 1e12 * exp(-Double(tick) * log1p(1e-4)) }
    let wrong = try LogFixture.log(url).swaps.filter { swap in
      let price = pair.price(sqrtPriceX96: swap.sqrtPriceX96)
      return price > edge(swap.tick) * (1 + slack) || price < edge(swap.tick + 1) * (1 - slack)
    }
    #expect(wrong.map(\.line) == [])
  }

  @Test("the real logs have the rows that they are known to have")
  func known() throws {
    // By the first characters of their names: rows, swaps.
    let known = ["ethereum": (6351, 5898), "polygon-": (4158, 3972)]
    for url in LogFixture.real {
      let counts = try #require(known[String(url.lastPathComponent.prefix(8))])
      let log = try LogFixture.log(url)
      #expect((log.rows, log.swaps.count) == counts)
    }
  }
}
