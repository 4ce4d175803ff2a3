import Foundation

/// Nanoseconds a quote by contender and ticks, on logarithmic scales: a panel for each way to draw
/// sizes. One file that needs nothing else, readable on light and on dark.
struct Chart {
  struct Panel {
    let title: String
    /// Contenders with a point for each table, fewest ticks first.
    var lines: [(name: String, isOurs: Bool, points: [(ticks: Int, time: Double)])]
  }

  let panels: [Panel]

  init(panels: [Panel]) { self.panels = panels }

  /// The rows of quotes of a report.
  init(_ report: Report) {
    panels = Draw.allCases.compactMap { draw in
      var panel = Panel(title: "\(draw.rawValue) sizes", lines: [])
      for row in report.rows where row.section == .quotes {
        // "uniform, 6,000 ticks"
        let prefix = "\(draw.rawValue), "
        guard row.title.hasPrefix(prefix),
          let ticks = Int(row.title.dropFirst(prefix.count).filter(\.isNumber))
        else { continue }
        for line in row.lines {
          if let index = panel.lines.firstIndex(where: { $0.name == line.name }) {
            panel.lines[index].points.append((ticks, line.p50))
          } else {
            panel.lines.append((line.name, line.isOurs, [(ticks, line.p50)]))
          }
        }
      }
      return panel.lines.isEmpty ? nil : panel
    }
  }

  // MARK: Geometry

  private static let (width, height) = (1_080.0, 470.0)
  private static let (top, bottom) = (76.0, 416.0)
  private static let (plotWidth, panelWidth) = (240.0, 510.0)
  private static let labelGap = 15.0

  private var times: [Double] { panels.flatMap(\.lines).flatMap(\.points).map(\.time) }
  private var ticks: [Int] {
    Set(panels.flatMap(\.lines).flatMap(\.points).map(\.ticks)).sorted()
  }
  /// Decimal logarithms from a power of ten below all times to a little above them.
  private var range: ClosedRange<Double> {
    let low = log10(max(times.min() ?? 1, 1e-3)).rounded(.down)
    return low...max(low + 1, log10(times.max() ?? 10) + 0.1)
  }

  private func x(_ ticks: Int, _ panel: Int) -> Double {
    let (first, last) = (Double(self.ticks.first ?? 1), Double(self.ticks.last ?? 1))
    let part = last > first ? log(Double(ticks) / first) / log(last / first) : 0.5
    return 72 + Double(panel) * Self.panelWidth + part * (Self.plotWidth - 20) + 10
  }

  private func y(_ time: Double) -> Double {
    let part = (log10(time) - range.lowerBound) / (range.upperBound - range.lowerBound)
    return Self.bottom - part * (Self.bottom - Self.top)
  }

  /// Places for labels as near to where they belong as the gap between them allows: where some would
  /// overlap, they are spread about their middle.
  static func spread(_ wanted: [Double], gap: Double, within range: ClosedRange<Double>) -> [Double]
  {
    let order = wanted.indices.sorted { wanted[$0] < wanted[$1] }
    var groups: [(members: [Int], centre: Double)] = []
    func start(_ group: (members: [Int], centre: Double)) -> Double {
      let length = gap * Double(group.members.count - 1)
      let last = max(range.lowerBound, range.upperBound - length)
      return min(max(group.centre - length / 2, range.lowerBound), last)
    }
    for index in order {
      groups.append(([index], wanted[index]))
      while groups.count > 1 {
        let (one, other) = (groups[groups.count - 2], groups[groups.count - 1])
        guard start(other) < start(one) + gap * Double(one.members.count) else { break }
        let members = one.members + other.members
        let centre = members.map { wanted[$0] }.reduce(0, +) / Double(members.count)
        groups.removeLast(2)
        groups.append((members, centre))
      }
    }
    var places = wanted
    for group in groups {
      for (i, index) in group.members.enumerated() {
        places[index] = start(group) + gap * Double(i)
      }
    }
    return places
  }

  // MARK: Drawing

  var svg: String {
    let body = panels.indices.flatMap { grid($0) + lines($0) }.joined(separator: "\n")
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.number(Self.width)) \
      \(Self.number(Self.height))" role="img" \
      aria-label="Nanoseconds a quote by contender and number of ticks">
      <style>
      \(style)
      </style>
      <rect class="ground" width="100%" height="100%"/>
      <text class="title" x="16" y="28">Nanoseconds a quote, median, one core (lower is better)</text>
      \(body)
      </svg>

      """
  }

  /// Ours in blue, each peer in a colour of its own.
  private var style: String {
    let light = ["#8a5a00", "#b3261e", "#7b3fa0", "#1b7a3d"]
    let dark = ["#e0b050", "#ff8a80", "#d0a0f0", "#6fd08c"]
    func rules(_ ground: String, _ ink: String, _ faint: String, _ ours: String, _ peers: [String])
      -> String
    {
      let colours = peers.enumerated().map { ".peer\($0){stroke:\($1)} text.peer\($0){fill:\($1)}" }
      return ".ground{fill:\(ground)} text{fill:\(ink)} .grid{stroke:\(faint)} "
        + ".ours{stroke:\(ours)} text.ours{fill:\(ours)} " + colours.joined(separator: " ")
    }
    return """
      text{font:13px system-ui,sans-serif;stroke:none!important}
      .title{font-size:17px;font-weight:600} .panel{font-size:15px;font-weight:600}
      .line{fill:none;stroke-width:2} .line.ours{stroke-width:3} .lead{stroke-width:1;opacity:.5}
      .point{stroke-width:6;stroke-linecap:round} .point.ours{stroke-width:8}
      text.ours{font-weight:600} .grid{stroke-width:1}
      \(rules("#ffffff", "#24292f", "#d8dee4", "#0a58ca", light))
      @media (prefers-color-scheme:dark){\(rules("#0d1117", "#e6edf3", "#30363d", "#79b8ff", dark))}
      """
  }

  private func grid(_ panel: Int) -> [String] {
    let left = 72 + Double(panel) * Self.panelWidth
    var marks = [
      text(left, Self.top - 18, panels[panel].title, "panel"),
      text(left + Self.plotWidth / 2, Self.bottom + 42, "ticks of the curve", "", "middle"),
    ]
    for decade in Int(range.lowerBound)...Int(range.upperBound.rounded(.down)) {
      let time = pow(10, Double(decade))
      let label = decade < 0 ? "\(time)" : grouped(Int(time))
      marks.append(segment(left, y(time), left + Self.plotWidth, y(time), "grid"))
      marks.append(text(left - 8, y(time) + 4, label, "", "end"))
    }
    for count in ticks {
      marks.append(text(x(count, panel), Self.bottom + 20, grouped(count), "", "middle"))
    }
    return marks
  }

  private func lines(_ panel: Int) -> [String] {
    let lines = panels[panel].lines
    var peers = 0
    let classes = lines.map { line -> String in
      if line.isOurs { return "ours" }
      defer { peers += 1 }
      return "peer\(peers % 4)"
    }
    let ends = lines.map { y($0.points.last?.time ?? 1) }
    let places = Self.spread(
      ends, gap: Self.labelGap, within: (Self.top - 6)...(Self.bottom + 8))
    return lines.indices.flatMap { i -> [String] in
      let points = lines[i].points.map { (x($0.ticks, panel), y($0.time)) }
      let path = points.map { "\(Self.number($0.0)),\(Self.number($0.1))" }
        .joined(separator: " ")
      let end = points.last ?? (0, 0)
      let label = "\(lines[i].name), \(figure(lines[i].points.last?.time ?? .nan))"
      return ["<polyline class=\"line \(classes[i])\" points=\"\(path)\"/>"]
        + points.map { segment($0.0, $0.1, $0.0, $0.1, "point \(classes[i])") }
        + [
          segment(end.0 + 6, end.1, end.0 + 22, places[i], "lead \(classes[i])"),
          text(end.0 + 26, places[i] + 4, label, classes[i]),
        ]
    }
  }

  private func text(
    _ x: Double, _ y: Double, _ text: String, _ style: String, _ anchor: String = "start"
  ) -> String {
    "<text class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" "
      + "text-anchor=\"\(anchor)\">\(text)</text>"
  }

  private func segment(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String
  ) -> String {
    "<line class=\"\(style)\" x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" "
      + "x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\"/>"
  }

  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
