import DAMM

/// A plot on a page: an inline SVG drawing that stretches with the page, and labels beside it as text of the page,
/// which stays as large as other text and never lies on the drawing.
struct Plot {
  /// What tells lines apart: a colour and a pattern each, so that one of them is enough.
  enum Style: String, CaseIterable {
    case first = "s1"
    case second = "s2"
    case third = "s3"
    case fourth = "s4"
    case fifth = "s5"
    /// That of text, with a rim: on a heat map.
    case ink = "s6"
  }

  /// What is drawn, in the order of the list.
  enum Mark {
    /// A line, which is broken where there is no value.
    case line(String, Style, [(x: Double, y: Double?)])
    /// A line with dots at its points.
    case dots(String, Style, [(x: Double, y: Double?)])
    /// A level line without a name.
    case level(Double)
    /// Fields of a heat map.
    case heat(HeatMap)
  }

  /// What is shown, in a few words.
  let title: String
  /// How to read it.
  let caption: String
  /// What it shows, in a sentence, for who does not see it.
  let description: String
  let x: PlotAxis
  let y: PlotAxis
  let marks: [Mark]
  /// Unit and range of a heat map.
  var heatTitle = ""

  /// The size of the drawing, whatever it is on the page.
  private static let (width, height) = (1000.0, 500.0)

  /// The figure, for a page of `Page`.
  ///
  /// - Parameter id: of which a page has each once.
  func html(id: String) -> String {
    """
    <figure class="plot" id="\(id)" data-x="\(Self.data(x))" data-y="\(Self.data(y))">
    <figcaption><h2>\(Page.escaped(title))</h2><p>\(Page.escaped(caption))</p></figcaption>
    \(legend)
    <div class="frame">
    <p class="yt">\(Page.escaped(y.title))</p>
    <div class="ya" aria-hidden="true"><b>\(widest)</b>\(labels(y) { "top:\(Self.percent(1 - $0))" })</div>
    <div class="area"><svg viewBox="0 0 1000 500" preserveAspectRatio="none" role="img" \
    aria-labelledby="\(id)-t \(id)-d"><title id="\(id)-t">\(Page.escaped(title))</title>\
    <desc id="\(id)-d">\(Page.escaped(description))</desc>
    \((grid + marks.map(drawing)).joined(separator: "\n"))
    </svg>\(cellLabels)<div class="over"></div></div>
    <div class="xa" aria-hidden="true">\(labels(x) { "left:\(Self.percent($0))" })</div>
    <p class="xt">\(Page.escaped(x.title))</p>
    </div>
    </figure>
    """
  }

  // MARK: Beside the drawing

  private var legend: String {
    let entries = marks.compactMap { mark in
      switch mark {
      case .line(let name, let style, _), .dots(let name, let style, _):
        let dot =
          if case .dots = mark { "<path class=\"\(style.rawValue) d\" d=\"M14 6h0\"/>" } else { "" }
        return """
          <li><svg width="28" height="12" aria-hidden="true"><path class="\(style.rawValue)" \
          d="M1 6H27"/>\(dot)</svg>\(Page.escaped(name))</li>
          """
      case .heat(let map): return map.legend
      case .level: return nil
      }
    }
    return "<ul class=\"legend\">\(entries.joined())</ul>"
  }

  private var widest: String {
    Page.escaped(y.ticks.map(\.label).max { $0.count < $1.count } ?? "")
  }

  private func labels(_ axis: PlotAxis, _ place: (Double) -> String) -> String {
    axis.ticks.map { tick in
      let part = axis.part(tick.value)
      return "<span\(tick.isMain ? "" : " class=\"m\"") "
        + "style=\"\(place(part))\">\(Page.escaped(tick.label))</span>"
    }.joined()
  }

  private var cellLabels: String {
    let cells = marks.flatMap { mark -> [(cell: HeatMap.Cell, isDeep: Bool)] in
      guard case .heat(let map) = mark else { return [] }
      return map.cells.map { ($0, map.isDeep($0)) }
    }
    return cells.compactMap { cell, isDeep in
      cell.label.map { label in
        "<span class=\"cl\(isDeep ? " deep" : "")\" "
          + "style=\"left:\(Self.percent(x.part((cell.left + cell.right) / 2)));"
          + "top:\(Self.percent(1 - y.part((cell.low + cell.high) / 2)))\">\(Page.escaped(label))</span>"
      }
    }.joined()
  }

  // MARK: The drawing

  private var grid: [String] {
    let levels = y.ticks.filter { _ in y.scale != .categories }
      .map { "M0 \(Self.n(down($0.value)))H1000" }
    let marks = x.ticks.filter { _ in x.scale != .categories }
      .map { "M\(Self.n(across($0.value))) 0V500" }
    return ["<path class=\"g\" d=\"\((levels + marks).joined())\"/>"]
  }

  private func drawing(_ mark: Mark) -> String {
    switch mark {
    case .line(let name, let style, let points):
      let drawn = path(points)
      let rim = style == .ink ? "<path class=\"rim\" d=\"\(drawn)\"/>" : ""
      return rim
        + "<path class=\"\(style.rawValue)\" data-n=\"\(Page.escaped(name))\" d=\"\(drawn)\"/>"
    case .dots(let name, let style, let points):
      let dots = points.compactMap { point in
        point.y.map { "M\(Self.n(across(point.x))) \(Self.n(down($0)))h0" }
      }
      return drawing(.line(name, style, points))
        + "<path class=\"\(style.rawValue) d\" d=\"\(dots.joined())\"/>"
    case .level(let value): return "<path class=\"l\" d=\"M0 \(Self.n(down(value)))H1000\"/>"
    case .heat(let map): return map.drawing(across: across, down: down)
    }
  }

  private func path(_ points: [(x: Double, y: Double?)]) -> String {
    var text = ""
    var isBroken = true
    for point in points {
      guard let value = point.y, value.isFinite, y.scale != .logarithmic || value > 0 else {
        isBroken = true
        continue
      }
      text += "\(isBroken ? "M" : "L")\(Self.n(across(point.x))) \(Self.n(down(value)))"
      isBroken = false
    }
    return text
  }

  private func across(_ value: Double) -> Double { Self.width * x.part(value) }

  private func down(_ value: Double) -> Double { Self.height * (1 - y.part(value)) }

  /// What the script needs to know of an axis.
  private static func data(_ axis: PlotAxis) -> String {
    "\(axis.scale.rawValue) \(axis.range.lowerBound) \(axis.range.upperBound)"
  }

  /// A coordinate to a hundredth, and never far outside of the drawing.
  static func n(_ value: Double) -> String {
    Figures.full((value.clamped(to: -1e5...1e5) * 100).rounded() / 100)
  }

  private static func percent(_ part: Double) -> String { n(100 * part) + "%" }
}
