import Foundation
import TestSupport
import Testing

// The lines between the two markers are the example of docs/price-functions.md, word for word.
// example
import DAMM

/// A maker of the caller's own: it widens its spread from 10 to 60 basis points as it runs out of B.
func spreadThatWidens() throws -> [String] {
  let prices = try PriceClosures(
    ask: { r in r * (1 + 0.001 + 0.005 * r / (3000 + r)) },
    bid: { r in r * (1 - 0.001 - 0.005 * r / (3000 + r)) })
  let now = UTCTime(secondsSince1970: 1_767_225_600)
  var lines: [String] = []
  var pool = try PricePool(prices, reserves: Reserves(a: 3e6, b: 1000))

  let bought = try pool.swap(.exactOut(10, .buy), at: now)
  lines.append("10 B cost \(bought.amountIn) A, within \(bought.integrationError) of it")
  let added = try pool.addSingleSided(.a, 50_000, at: now)
  lines.append("50000 A, \(added.swap.amountIn) of them swapped, make \(added.added.shares) shares")

  // proved where a closed form or bounds are known, else sampled as finely as is asked for
  let laws = try PriceLaws(prices, over: 30...300_000, at: now)
  for verdict in try [laws.askNotBelowBid(), laws.pricesRise(), laws.pathIndependence()] {
    if case .held(let samples, _) = verdict { lines.append("held \(samples) times") }
  }
  return lines
}
// end

@Suite struct PricesExample {
  /// The page shows ten digits: the last ones of an integral are those of the machine's logarithm.
  @Test func runs() throws {
    let page = try String(
      contentsOf: Files.root.appending(path: "docs/price-functions.md"), encoding: .utf8)
    let lines = try spreadThatWidens()
    let shown = try #require(page.firstMatch(of: /(?s)```text\n(.*?)```/)).1.split(separator: "\n")
    #expect(shown.count == lines.count, "docs/price-functions.md does not show \(lines)")
    for (line, shown) in zip(lines, shown) {
      let (words, shownWords) = (line.split(separator: " "), shown.split(separator: " "))
      #expect(words.count == shownWords.count, "\(line)")
      for (word, shownWord) in zip(words, shownWords) where word != shownWord {
        let (x, y) = try (#require(Double(word)), #require(Double(shownWord)))
        // an estimate of an error is not a number of ten digits
        #expect(y < 1e-9 ? x < 1e-9 : abs(x - y) <= 1e-10 * abs(x), "\(line)")
      }
    }
  }
}
