import DAMM

/// The depth chart of a curve as an SVG drawing that needs nothing else: it brings its own
/// background, so that it reads the same on light and dark pages.
struct SVGChart {
  private static let (width, height) = (960.0, 540.0)
  private static let (left, right, top, bottom) = (84.0, 928.0, 92.0, 476.0)
  /// Room above the highest bar for the labels of the two lines.
  private static let headroom = 1.14
  private static let (blue, orange) = ("#3b7dbd", "#e08a2e")

  private let figures: CurveFigures
  private let profile: DepthProfile

  init(_ figures: CurveFigures) throws {
    self.figures = figures
    profile = try DepthProfile(figures.curve, most: 600)
  }

  /// The whole document.
  var text: String {
    let size = "width=\"\(Self.n(Self.width))\" height=\"\(Self.n(Self.height))\""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" \(size) viewBox="0 0 960 540" \
      font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13" \
      role="img">
        <title>\(title)</title>
        <rect width="100%" height="100%" rx="6" fill="#ffffff"/>
        <text x="\(Self.n(Self.left))" y="36" font-size="19" font-weight="600" \
      fill="#1d2733">\(title)</text>
        <text x="\(Self.n(Self.left))" y="62" fill="#5b6773">\(subtitle)</text>
      \(legend)
      \(grid)
      \(area(holdsA: true, Self.blue))
      \(area(holdsA: false, Self.orange))
      \(axes)
      \(lines)
      </svg>

      """
  }

  // MARK: Words

  private var title: String { "Liquidity over price" }

  private var subtitle: String {
    let table = figures.curve.table
    let source = figures.convention.map { ", \($0.rawValue)" } ?? ""
    let parts = [
      "\(table.shape?.rawValue ?? "custom") shape",
      "sigma \(Figures.short(figures.sigma)) (relative \(Figures.short(table.relativeSigma))\(source))",
      "k = \(Figures.short(table.halfWidth))",
      "\(table.count) ticks of \(Figures.short(table.tickWidthBps)) bp",
    ]
    return parts.joined(separator: " · ")
  }

  private var legend: String {
    let offered = figures.curve.offered
    func entry(_ y: Double, _ colour: String, _ text: String) -> String {
      """
        <text x="\(Self.n(Self.right - 20))" y="\(Self.n(y))" text-anchor="end" \
      fill="#1d2733">\(text)</text>
        <rect x="\(Self.n(Self.right - 12))" y="\(Self.n(y - 11))" width="12" height="12" rx="2" \
      fill="\(colour)"/>
      """
    }
    return entry(24, Self.blue, "holds A, \(Figures.short(offered.a)) on offer") + "\n"
      + entry(44, Self.orange, "holds B, \(Figures.short(offered.b)) on offer")
  }

  // MARK: Shapes

  private var highest: Double { max(profile.peak, .leastNormalMagnitude) * Self.headroom }

  private func x(_ price: Double) -> Double {
    let (low, high) = (profile.range.lowerBound, profile.range.upperBound)
    return Self.left + (Self.right - Self.left) * ((price - low) / (high - low))
  }

  private func y(_ liquidity: Double) -> Double {
    Self.bottom - (Self.bottom - Self.top) * (liquidity / highest)
  }

  /// The bars of one side as one stepped shape, so that no seams show between them.
  private func area(holdsA: Bool, _ colour: String) -> String {
    let bars = profile.bars.filter { $0.holdsA == holdsA }
    guard let first = bars.first else { return "  <!-- nothing on this side -->" }
    var path = "M\(Self.n(x(first.from))) \(Self.n(Self.bottom))"
    for bar in bars { path += "V\(Self.n(y(bar.liquidity)))H\(Self.n(x(bar.to)))" }
    path += "V\(Self.n(Self.bottom))Z"
    return "  <path fill=\"\(colour)\" d=\"\(path)\"/>"
  }

  private var grid: String {
    let (ticks, step) = Figures.axis(0...highest, about: 6)
    return ticks.map { tick in
      """
        <path stroke="#e4e8ec" d="M\(Self.n(Self.left)) \(Self.n(y(tick)))H\(Self.n(Self.right))"/>
        <text x="\(Self.n(Self.left - 10))" y="\(Self.n(y(tick) + 4.5))" text-anchor="end" \
      fill="#5b6773">\(Figures.label(tick, step: step))</text>
      """
    }.joined(separator: "\n")
  }

  private var axes: String {
    let (ticks, step) = Figures.axis(profile.range, about: 9)
    let marks = ticks.map { tick in
      """
        <path stroke="#5b6773" d="M\(Self.n(x(tick))) \(Self.n(Self.bottom))v6"/>
        <text x="\(Self.n(x(tick)))" y="\(Self.n(Self.bottom + 22))" text-anchor="middle" \
      fill="#5b6773">\(Figures.label(tick, step: step))</text>
      """
    }
    let (middle, centre) = (
      Self.n((Self.left + Self.right) / 2), Self.n((Self.top + Self.bottom) / 2)
    )
    return marks.joined(separator: "\n") + """

        <path stroke="#5b6773" d="M\(Self.n(Self.left)) \(Self.n(Self.bottom))H\(Self.n(Self.right))"/>
        <text x="\(middle)" y="\(Self.n(Self.bottom + 48))" text-anchor="middle" \
      fill="#1d2733">price, A per B</text>
        <text transform="translate(22 \(centre)) rotate(-90)" text-anchor="middle" \
      fill="#1d2733">liquidity of a tick</text>
      """
  }

  /// The lines at the oracle price and at the position. The lower one has its label on the left, the
  /// other on the right, unless there is no room.
  private var lines: String {
    let (oracle, position) = (figures.curve.oraclePrice, figures.curve.price)
    return line(
      oracle, "oracle price", row: 0, colour: "#1d2733", dash: " stroke-dasharray=\"6 4\"",
      leftwards: oracle < position) + "\n"
      + line(
        position, "position", row: 1, colour: "#b3202c", dash: "", leftwards: position < oracle)
  }

  private func line(
    _ price: Double, _ name: String, row: Int, colour: String, dash: String, leftwards: Bool
  ) -> String {
    guard profile.range.contains(price) else { return "  <!-- \(name) lies outside the curve -->" }
    let (at, room) = (x(price), 200.0)
    let left = at > Self.right - room || (leftwards && at > Self.left + room)
    return """
        <path stroke="\(colour)" stroke-width="1.5"\(dash) d="M\(Self.n(at)) \(Self.n(Self.top))\
      V\(Self.n(Self.bottom))"/>
        <text x="\(Self.n(at + (left ? -7 : 7)))" y="\(Self.n(Self.top + 12 + 18 * Double(row)))" \
      text-anchor="\(left ? "end" : "start")" fill="\(colour)" stroke="#ffffff" stroke-width="4" \
      paint-order="stroke">\(name) \(Figures.short(price, digits: 8))</text>
      """
  }

  /// A coordinate to a hundredth of a pixel.
  private static func n(_ value: Double) -> String {
    Figures.full((value * 100).rounded() / 100)
  }
}
