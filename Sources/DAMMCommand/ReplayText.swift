import DAMM
import Foundation

extension ReplayReport {
  /// The report for a reader at a terminal.
  var text: String {
    let others = log.otherEvents.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    let skipped = others + (log.emptySwaps > 0 ? ["\(log.emptySwaps) swaps of nothing"] : [])
    let skippedText = skipped.isEmpty ? "" : " (skipped: \(skipped.joined(separator: ", ")))"
    let convention = sigmaConvention.map { ", \($0.rawValue)" } ?? ""
    return """
      Log         \(log.file)
                  \(log.firstSwap) to \(log.lastSwap) UTC
                  \(log.rows) rows, \(log.swaps) swaps\(skippedText)
      Curve       oracle price \(number(pool.oraclePrice, 6)) A per B, from the first swap
                  sigma / price \(number(relativeSigma, 4))\(convention); \
      \(pool.shape?.rawValue ?? "own density"), k \(number(pool.k, 4))
                  \(pool.ticks) ticks of \(number(pool.tickBps, 4)) bp, \
      \(number(pool.lowestPrice, 6)) to \(number(pool.highestPrice, 6))
      Reserves    \(number(pool.reserveA, 6)) A, \(number(pool.reserveB, 6)) B; on offer \
      (\(pool.funding.rawValue)) \(number(pool.offeredA, 6)) A, \(number(pool.offeredB, 6)) B
      Orders      \(fills.orders) replayed: \(fills.complete) filled, \(fills.partial) in part, \
      \(fills.nothing) not at all

      \(row("", "tick pool", "real pool"))
      \(row("final price", tickPool.finalPrice, realPool.finalPrice))
      \(row("A paid in", tickPool.volume.aIn, realPool.volume.aIn))
      \(row("B taken out", tickPool.volume.bOut, realPool.volume.bOut))
      \(row("B paid in", tickPool.volume.bIn, realPool.volume.bIn))
      \(row("A taken out", tickPool.volume.aOut, realPool.volume.aOut))
      \(row("slippage, bp", tickPool.slippageBps, realPool.slippageBps, digits: 4))
      The real pool's slippage includes its fee; the tick pool charges none here.

      Tick pool against real pool: \(number(deviation.finalBps, 4, sign: true)) bp at the end, \
      \(number(deviation.maximumBps, 4)) bp at most, \(number(deviation.meanBps, 4)) bp on average
      Speed       \(number(speed.swapsPerSecond, 3)) swaps a second (median of \(speed.passes) passes, \
      swaps only)

      \(chart)
      """
  }

  private var chart: String {
    LinesChart(
      path.map { ($0.time, $0.poolPrice, $0.realPrice) },
      title: "Price, A per B, swap by swap:  * tick pool   . real pool   @ both"
    ).text
  }

  private func row(
    _ name: String, _ pool: Double?, _ real: Double?, digits: Int = 8
  ) -> String {
    row(name, pool.map { number($0, digits) } ?? "-", real.map { number($0, digits) } ?? "-")
  }

  private func row(_ name: String, _ pool: String, _ real: String) -> String {
    name.left(14) + " " + pool.right(19) + " " + real.right(19)
  }

  /// A number with so many significant digits, thousands apart; whole digits are never cut.
  private func number(_ value: Double, _ digits: Int, sign: Bool = false) -> String {
    guard value != 0, value.isFinite else { return "\(value)" }
    let exponent = Int(log10(abs(value)).rounded(.down))
    guard (-5...15).contains(exponent) else { return String(format: "%.\(digits - 1)e", value) }
    let places = max(0, digits - 1 - exponent)
    let text = String(format: "%.\(places)f", abs(value))
    let parts = text.split(separator: ".")
    var whole = ""
    for (index, digit) in parts[0].enumerated() {
      if index > 0, (parts[0].count - index) % 3 == 0 { whole += "," }
      whole.append(digit)
    }
    var fraction = parts.count > 1 ? String(parts[1]) : ""
    while fraction.last == "0" { fraction.removeLast() }
    return (value < 0 ? "-" : sign ? "+" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }
}
