import Foundation

/// A bar with rate and time left on the progress line, drawn anew ten times a second at most.
///
/// The rate is that of the last seconds, so that the time left follows when work gets slower.
package struct ProgressBar {
  /// What is counted.
  package enum Unit {
    case bytes
    /// Things with a name in the plural, such as cells.
    case things(String)
  }

  private let line: ProgressLine
  private let unit: Unit
  private let total: Int?
  private let clock = ContinuousClock()
  private let begin: ContinuousClock.Instant
  private var last: (at: ContinuousClock.Instant, done: Int)
  private var perSecond: Double?

  /// A bar that nothing is shown of yet.
  ///
  /// - Parameters:
  ///   - total: how many there will be; without it there is no bar and no time left.
  ///   - title: what is said before the figures.
  init(_ unit: Unit, of total: Int?, title: String = "") {
    (self.unit, self.total) = (unit, total)
    line = ProgressLine(title: title)
    begin = clock.now
    last = (begin, 0)
  }

  /// Tells how much is done.
  ///
  /// - Parameter force: whether it is shown even if something was just before.
  mutating func show(_ done: Int, force: Bool = false) {
    guard line.shows else { return }
    let now = clock.now
    let seconds = (now - last.at) / .seconds(1)
    guard force || seconds >= 0.1 else { return }
    if seconds > 0 {
      let rate = Double(done - last.done) / seconds
      // what is more than some three seconds ago hardly counts
      let weight = 1 - exp(-seconds / 3)
      perSecond = perSecond.map { $0 + weight * (rate - $0) } ?? rate
    }
    last = (now, done)
    line.write(
      Self.text(
        done, of: total, unit, perSecond: perSecond, elapsed: (now - begin) / .seconds(1)))
  }

  /// Takes the line away.
  func end() { line.end() }

  /// What the line says.
  package static func text(
    _ done: Int, of total: Int?, _ unit: Unit, perSecond: Double?, elapsed: Double
  ) -> String {
    let rate = perSecond.map { ", \(amount($0, unit)) a second" } ?? ""
    guard let total, total > 0 else {
      return "\(amount(Double(done), unit))\(rate), \(time(elapsed)) so far"
    }
    let part = min(max(Double(done) / Double(total), 0), 1)
    let full = Int(part * 20)
    let left =
      perSecond.flatMap { $0 > 0 ? ", \(time(Double(max(0, total - done)) / $0)) left" : nil }
      ?? ""
    return "[\(String(repeating: "#", count: full))\(String(repeating: "-", count: 20 - full))] "
      + "\(Int(part * 100)) % of \(amount(Double(total), unit))\(rate)\(left)"
  }

  private static func amount(_ value: Double, _ unit: Unit) -> String {
    switch unit {
    case .bytes:
      let (size, name) =
        value >= 1e9 ? (1e9, "GB") : value >= 1e6 ? (1e6, "MB") : (1e3, "kB")
      return String(format: "%.1f ", value / size) + name
    case .things(let name):
      return String(format: value < 10 && value != value.rounded() ? "%.1f " : "%.0f ", value)
        + name
    }
  }

  /// Seconds, or minutes and hours where there are more.
  private static func time(_ seconds: Double) -> String {
    guard seconds < 360_000 else { return "days" }
    let whole = Int(seconds.rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60):\(two(whole % 60)) min" }
    return "\(whole / 3600):\(two(whole / 60 % 60)) h"
  }
}
