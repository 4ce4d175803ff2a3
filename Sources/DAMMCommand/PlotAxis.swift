import DAMM
import Foundation

/// An axis of a plot on a page: what it spans, and its ticks.
package struct PlotAxis {
  /// A labelled place.
  package struct Tick {
    package let value: Double
    package let label: String
    /// Whether it stays where there is little room.
    package let isMain: Bool
  }

  /// How values become places.
  package enum Scale: String {
    case linear
    /// By their logarithm: positive values alone.
    case logarithmic
    /// Seconds since 1970.
    case time
    /// 0 to 1 is the first of a list, and so on.
    case categories
  }

  /// What is on it, with its unit.
  let title: String
  let scale: Scale
  package let range: ClosedRange<Double>
  package let ticks: [Tick]

  /// Where a value is between the two ends, 0 to 1; beyond them outside of that.
  package func part(_ value: Double) -> Double {
    guard scale == .logarithmic else {
      return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
    let (low, high) = (log(range.lowerBound), log(range.upperBound))
    return (log(max(value, .leastNormalMagnitude)) - low) / (high - low)
  }

  /// An axis of numbers, a little longer than the values; one that has only one value shows what is near it.
  ///
  /// - Parameters:
  ///   - values: finite ones.
  ///   - margin: how much longer at either end, as a part.
  ///   - zero: whether 0 belongs to it in any case.
  package static func numbers(
    _ values: some Sequence<Double>, title: String, margin: Double = 0.04, zero: Bool = false
  ) -> PlotAxis {
    var (low, high) = (zero ? 0 : Double.infinity, zero ? 0 : -Double.infinity)
    for value in values where value.isFinite { (low, high) = (min(low, value), max(high, value)) }
    if low > high { (low, high) = (0, 1) }
    // one value, but for rounding, is shown in the middle
    let isOne = high - low <= max(abs(low), abs(high)) * 1e-9
    let room = isOne ? max(abs(high) * 0.05, 1e-9) : (high - low) * margin
    let range = (zero && low == 0 ? 0 : low - room)...(zero && high == 0 ? 0 : high + room)
    let (ticks, step) = Figures.axis(range, about: 5)
    return PlotAxis(
      title: title, scale: .linear, range: range,
      ticks: thin(ticks.map { ($0, Figures.tick($0, step: step)) }, by: step))
  }

  /// An axis of positive numbers by their logarithm.
  package static func logarithms(_ values: some Sequence<Double>, title: String) -> PlotAxis {
    let usable = values.filter { $0 > 0 && $0.isFinite }
    let (low, high) = (usable.min() ?? 1, usable.max() ?? 10)
    let range = (low / 1.15)...(high * 1.15)
    let powers = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    func ticks(_ steps: [Double]) -> [Double] {
      powers.flatMap { power in steps.map { $0 * pow(10, Double(power)) } }
        .filter { range.contains($0) }
    }
    let choices = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]].map(ticks)
    let all = choices.first { $0.count >= 4 } ?? choices[choices.count - 1]
    // one of many powers is enough
    let every = (all.count + 6) / 7
    let ticks = all.indices.filter { $0.isMultiple(of: every) }.map { all[$0] }
    return PlotAxis(
      title: title, scale: .logarithmic, range: range,
      ticks: ticks.enumerated().map { index, value in
        Tick(
          value: value, label: Figures.tick(value, step: value),
          isMain: index.isMultiple(of: ticks.count > 5 ? 2 : 1))
      })
  }

  /// An axis of a list of words.
  static func categories(_ names: [String], title: String) -> PlotAxis {
    PlotAxis(
      title: title, scale: .categories, range: 0...Double(max(1, names.count)),
      ticks: names.enumerated().map { index, name in
        Tick(
          value: Double(index) + 0.5, label: name,
          isMain: index.isMultiple(of: max(1, names.count / 5)))
      })
  }

  /// Marks as main what is left if every other one goes until few are there. What is main counts from 0, so that
  /// it does not depend on where the axis begins.
  static func thin(_ ticks: [(value: Double, label: String)], by step: Double) -> [Tick] {
    var every = 1.0
    while Double(ticks.count) / every > 4.5 { every *= 2 }
    return ticks.map { value, label in
      let index = step > 0 ? (value / step).rounded() : 0
      return Tick(
        value: value, label: label, isMain: index.remainder(dividingBy: every) == 0)
    }
  }
}

extension Figures {
  /// The label of a tick: thousands and millions as such.
  static func tick(_ value: Double, step: Double) -> String {
    for (size, unit) in [(1e9, "G"), (1e6, "M"), (1e4, "k")]
    where abs(value) >= size || step >= size {
      let size = unit == "k" ? 1e3 : size
      // only where no digits are lost that tell ticks apart
      if step >= size * 1e-3 {
        return label(value / size, step: step / size) + (value == 0 ? "" : unit)
      }
    }
    return label(value, step: step)
  }
}
