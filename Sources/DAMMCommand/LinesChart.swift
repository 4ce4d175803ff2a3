import Foundation

/// Two numbers over time, such as prices, drawn with letters.
struct LinesChart {
  private static let (width, height) = (66, 15)
  private let samples: [(time: String, stars: Double, dots: Double)]
  private let title: String

  /// A chart of evenly spaced samples; there is at least one.
  ///
  /// - Parameter title: what is shown, which of it are `*`, which are `.`, and that both are `@`.
  init(_ samples: [(time: String, stars: Double, dots: Double)], title: String) {
    self.samples = samples
    self.title = title
  }

  /// The lines of the chart, its scale and its legend.
  var text: String {
    let values = samples.flatMap { [$0.stars, $0.dots] }
    let (lowest, highest) = (values.min() ?? 0, values.max() ?? 0)
    let step = highest > lowest ? (highest - lowest) / Double(Self.height - 1) : 1
    var rows = [[Character]](
      repeating: Array(repeating: " ", count: Self.width), count: Self.height)
    func line(_ value: Double) -> Int { Self.height - 1 - Int(((value - lowest) / step).rounded()) }
    for column in 0..<Self.width {
      let sample = samples[column * (samples.count - 1) / (Self.width - 1)]
      let (dot, star) = (line(sample.dots), line(sample.stars))
      rows[dot][column] = "."
      rows[star][column] = star == dot ? "@" : "*"
    }
    let places = max(0, 4 - Int(log10(max(highest, .leastNormalMagnitude)).rounded(.down)))
    func label(_ value: Double) -> String { String(format: "%.\(min(places, 12))f", value) }
    let margin = max(label(lowest).count, label(highest).count)
    let lines = rows.enumerated().map { index, row in
      let isLabelled = index % 7 == 0
      let text = isLabelled ? label(highest - Double(index) * step) : ""
      return text.right(margin) + (isLabelled ? " +" : " |") + String(row).trimmingTrailingSpaces
    }
    let indent = String(repeating: " ", count: margin + 2)
    let (first, last) = (samples[0].time, samples[samples.count - 1].time)
    let gap = String(repeating: " ", count: max(1, Self.width - first.count - last.count))
    return """
      \(title)
      \(lines.joined(separator: "\n"))
      \(indent)\(String(repeating: "-", count: Self.width))
      \(indent)\(first)\(gap)\(last)
      """
  }
}
