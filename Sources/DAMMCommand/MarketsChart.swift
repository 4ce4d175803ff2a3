import DAMM

/// The charts of `damm markets` as one SVG drawing that needs nothing else: health over time, and the loss against
/// the number of markets.
struct MarketsChart {
  private static let (blue, orange, red) = ("#3b7dbd", "#e08a2e", "#b3202c")
  private let answer: MarketsAnswer

  init(_ answer: MarketsAnswer) { self.answer = answer }

  /// The whole document.
  var text: String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <svg xmlns="http://www.w3.org/2000/svg" width="960" height="540" viewBox="0 0 960 540" \
    font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13" \
    role="img">
      <title>\(title)</title>
      <rect width="100%" height="100%" rx="6" fill="#ffffff"/>
      <text x="84" y="36" font-size="19" font-weight="600" fill="#1d2733">\(title)</text>
      <text x="84" y="62" fill="#5b6773">\(subtitle)</text>
    \(([health] + (answer.growth.map { [growth($0)] } ?? [])).joined(separator: "\n"))
    </svg>

    """
  }

  private var title: String { "Markets on one shared pool" }

  private var subtitle: String {
    let path = answer.path
    return [
      answer.pool.curve.rawValue, "fee \(Figures.short(answer.pool.feeBps)) bp",
      "\(path.steps) steps, \(Figures.short(path.startPrice)) to \(Figures.short(path.finalPrice)) "
        + "A per B",
      "fees \(Figures.short(100 * answer.feesPerCapital, digits: 4)) % of the capital",
    ].joined(separator: " · ")
  }

  // MARK: Health over time

  private var health: String {
    let samples = answer.samples
    let values = samples.map(\.health) + (answer.pool.floor.map { [$0] } ?? [])
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let margin = max((high - low) * 0.06, 1e-6)
    let panel = ChartPanel(
      left: 84, right: answer.growth == nil ? 928 : 452,
      xs: 0...Double(max(1, answer.path.steps)), ys: (low - margin)...(high + margin))
    let line = panel.line(
      samples.map { (Double($0.step), $0.health) }, Self.blue)
    let floor = answer.pool.floor.map { floor in
      panel.line(
        [(0, floor), (Double(answer.path.steps), floor)], Self.red, dash: true)
        + "\n" + panel.label("floor", 0, floor, Self.red)
    }
    return [
      panel.frame("step", "health factor, \(answer.markets) markets"), line, floor ?? "",
    ].joined(separator: "\n")
  }

  // MARK: Loss against the number of markets

  private func growth(_ growth: MarketsAnswer.Growth) -> String {
    let rows = growth.rows
    let most = Double(rows.map(\.markets).max() ?? 1)
    let losses = rows.flatMap { [-100 * $0.impermanentLoss, -100 * growth.formulaSlope * most] }
    let panel = ChartPanel(
      left: 556, right: 928, xs: 0...(most * 1.04),
      ys: min(0, losses.min() ?? 0)...max((losses.max() ?? 0) * 1.08, 1e-9))
    let dots = rows.map { row in
      panel.dot(
        Double(row.markets), -100 * row.impermanentLoss, row.refused == 0 ? Self.orange : Self.red)
    }
    let refused = rows.contains { $0.refused > 0 } ? ", red where some was refused" : ""
    return
      ([
        panel.frame("markets", "impermanent loss without limits, %"),
        panel.line(
          [(0, 0), (most, -100 * growth.formulaSlope * most)], Self.blue, dash: true),
        "  <text x=\"568\" y=\"108\" fill=\"#5b6773\">dots: simulated\(refused)</text>",
        "  <text x=\"568\" y=\"126\" fill=\"\(Self.blue)\">line: the formula, N times that of one</text>",
      ] + dots).joined(separator: "\n")
  }
}

/// One pair of axes in a drawing.
private struct ChartPanel {
  let left: Double
  let right: Double
  let xs: ClosedRange<Double>
  let ys: ClosedRange<Double>
  private let top = 92.0
  private let bottom = 476.0

  init(left: Double, right: Double, xs: ClosedRange<Double>, ys: ClosedRange<Double>) {
    (self.left, self.right, self.xs, self.ys) = (left, right, xs, ys)
  }

  private func x(_ value: Double) -> Double {
    left + (right - left) * ((value - xs.lowerBound) / (xs.upperBound - xs.lowerBound))
  }

  private func y(_ value: Double) -> Double {
    bottom - (bottom - top) * ((value - ys.lowerBound) / (ys.upperBound - ys.lowerBound))
  }

  func frame(_ below: String, _ beside: String) -> String {
    let (across, stepX) = Figures.axis(xs, about: 7)
    let (up, stepY) = Figures.axis(ys, about: 6)
    let lines = up.map { tick in
      """
        <path stroke="#e4e8ec" d="M\(n(left)) \(n(y(tick)))H\(n(right))"/>
        <text x="\(n(left - 8))" y="\(n(y(tick) + 4.5))" text-anchor="end" \
      fill="#5b6773">\(Figures.label(tick, step: stepY))</text>
      """
    }
    let marks = across.map { tick in
      """
        <path stroke="#5b6773" d="M\(n(x(tick))) \(n(bottom))v6"/>
        <text x="\(n(x(tick)))" y="\(n(bottom + 22))" text-anchor="middle" \
      fill="#5b6773">\(Figures.label(tick, step: stepX))</text>
      """
    }
    return (lines + marks).joined(separator: "\n") + """

        <path stroke="#5b6773" d="M\(n(left)) \(n(bottom))H\(n(right))"/>
        <text x="\(n((left + right) / 2))" y="\(n(bottom + 46))" text-anchor="middle" \
      fill="#1d2733">\(below)</text>
        <text x="\(n(left))" y="\(n(top - 8))" fill="#1d2733">\(beside)</text>
      """
  }

  func line(_ points: [(Double, Double)], _ colour: String, dash: Bool = false) -> String {
    let path = points.map { "\(n(x($0.0))) \(n(y($0.1)))" }.joined(separator: "L")
    return "  <path fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.8\""
      + (dash ? " stroke-dasharray=\"6 4\"" : "") + " stroke-linejoin=\"round\" d=\"M\(path)\"/>"
  }

  func dot(_ x: Double, _ y: Double, _ colour: String) -> String {
    "  <circle cx=\"\(n(self.x(x)))\" cy=\"\(n(self.y(y)))\" r=\"4.5\" fill=\"\(colour)\"/>"
  }

  func label(_ text: String, _ x: Double, _ y: Double, _ colour: String) -> String {
    "  <text x=\"\(n(self.x(x) + 8))\" y=\"\(n(self.y(y) - 6))\" fill=\"\(colour)\">\(text)</text>"
  }

  /// A coordinate to a hundredth of a pixel.
  private func n(_ value: Double) -> String { Figures.full((value * 100).rounded() / 100) }
}
