import DAMM
import Foundation

/// What `damm accuracy` found, for a terminal of 100 columns.
package struct AccuracyText {
  private let rows: [AccuracyRow]

  package init(_ rows: [AccuracyRow]) { self.rows = rows }

  /// The table, then where each bound holds and where it came closest to being broken.
  package var text: String {
    """
    Errors against a 20-digit reference: relative to the exact value, and in units of the last
    binary digit (ulp). A quantity passes when its worst relative error is within its bound.
    Kernels: \(KernelSet.best.name).

    \(table)

    Where each bound holds, and where the worst error was met (s: sigma over price, k: half width)
    \(rows.map(place).joined(separator: "\n"))
    """
  }

  private var table: String {
    let header = [
      "quantity", "samples", "worst ulp", "mean ulp", "worst rel", "mean rel", "bound", "pass",
    ]
    return Figures.table(
      [header]
        + rows.map { row in
          [
            row.quantity, "\(row.samples)", String(format: "%.2f", row.worstUlp),
            String(format: "%.2f", row.meanUlp), Self.small(row.worstRelative),
            Self.small(row.meanRelative), Self.small(row.bound), row.pass ? "yes" : "NO",
          ]
        })
  }

  private func place(_ row: AccuracyRow) -> String {
    let worst =
      row.worst ?? [row.samples == 0 ? "nothing was measured" : "no error at all"]
    return "  \(row.quantity)\n    bound  \(row.domain)\n    worst  "
      + worst.joined(separator: "\n           ")
  }

  private static func small(_ value: Double) -> String {
    value == 0 ? "0" : String(format: "%.2e", value)
  }
}

extension CurveShape {
  /// The shape in a few words.
  var words: String {
    let short = { Figures.short($0) }
    return "\(shape.rawValue), s \(short(relativeSigma)), k \(short(halfWidth)), "
      + "ticks of \(short(tickWidthBps)) bp"
  }
}
