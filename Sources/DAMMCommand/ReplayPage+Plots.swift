import DAMM
import DAMMReplay

extension ReplayPage {
  private typealias Sample = ReplaySample

  private var path: [ReplaySample] { report.figures.path }

  private var time: PlotAxis { .times(report.figures.start, report.figures.end) }

  private func over(_ value: (ReplaySample) -> Double?) -> [(x: Double, y: Double?)] {
    path.map { (Double($0.time.secondsSince1970), value($0)) }
  }

  private var hasRecorded: Bool { report.figures.recorded != nil }

  var price: Plot {
    let figures = report.figures
    return Plot(
      title: "Price",
      caption: "Where the market was, and where the tick pool stood behind each step.",
      description: "The market price went from \(Figures.short(figures.startPrice)) to "
        + "\(Figures.short(figures.endPrice)) A per B; the tick pool was at most "
        + "\(Figures.short(figures.pool.worstDeviationBps, digits: 3)) basis points away from it.",
      x: time, y: .numbers(path.flatMap { [$0.price, $0.pool.price] }, title: "A per B"),
      marks: [
        .line("market", .fourth, over { $0.price }),
        .line("tick pool", .first, over { $0.pool.price }),
      ])
  }

  /// What each is worth against holding.
  var worth: Plot {
    let summary = report.summary
    let recorded =
      hasRecorded ? over { sample in sample.recorded.map { 100 * ($0 / sample.held - 1) } } : []
    let pool = over { 100 * ($0.pool.value / $0.held - 1) }
    let product = over { 100 * ($0.product.value / $0.held - 1) }
    return Plot(
      title: "Earned or lost against holding",
      caption: "Worth of the same capital, fees included, over what it is worth if it is held.",
      description:
        "At the end the tick pool is \(Figures.percent(summary.pool.advantage, sign: true)) "
        + "against holding, the constant product "
        + "\(Figures.percent(summary.product.advantage, sign: true))"
        + (summary.recorded.map {
          ", the position in the recorded pool \(Figures.percent($0.advantage, sign: true))"
        } ?? "") + ".",
      x: time, y: .numbers((pool + product + recorded).compactMap(\.y), title: "%", zero: true),
      marks: [
        .level(0), .line("tick pool", .first, pool), .line("constant product", .second, product),
      ]
        + (hasRecorded ? [.line("recorded pool", .third, recorded)] : []))
  }

  var value: Plot {
    let lines: [(String, Plot.Style, [(x: Double, y: Double?)])] =
      [
        ("holding", .fourth, over { $0.held }), ("tick pool", .first, over { $0.pool.value }),
        ("constant product", .second, over { $0.product.value }),
      ] + (hasRecorded ? [("recorded pool", .third, over { $0.recorded })] : [])
    return Plot(
      title: "Worth of the capital", caption: "Fees included, at the market price.",
      description: "From \(Figures.grouped(report.figures.capital)) A to "
        + "\(Figures.grouped(report.figures.value)) A in the tick pool and "
        + "\(Figures.grouped(report.figures.heldValue)) A if held.",
      x: time, y: .numbers(lines.flatMap { $0.2.compactMap(\.y) }, title: "A"),
      marks: lines.map { .line($0.0, $0.1, $0.2) })
  }

  /// Fees beside losses, summed up from the start.
  var losses: Plot {
    let total = report.figures.pool.total
    let lines: [(String, Plot.Style, [(x: Double, y: Double?)])] = [
      ("fees", .third, over { $0.total.fees }),
      ("LVR, measured", .first, over { $0.total.measuredLoss }),
      ("LVR, predicted", .second, over { $0.total.predictedLoss }),
      ("LVR, realised moves", .fifth, over { $0.total.realisedLoss }),
    ]
    return Plot(
      title: "Fees against LVR",
      caption: "Of the tick pool, since the start. Above the LVR lines fees pay for it.",
      description: "In all \(Figures.grouped(total.fees)) A of fees; LVR "
        + "\(Figures.grouped(total.measuredLoss)) A measured, "
        + "\(Figures.grouped(total.predictedLoss)) A predicted, "
        + "\(Figures.grouped(total.realisedLoss)) A from realised moves.",
      x: time, y: .numbers(lines.flatMap { $0.2.compactMap(\.y) }, title: "A", zero: true),
      marks: [.level(0)] + lines.map { .line($0.0, $0.1, $0.2) })
  }

  /// Liquidity over prices and time.
  var liquidity: Plot {
    let shapes = report.figures.shapes
    let end = Double(report.figures.end.secondsSince1970)
    var cells: [HeatMap.Cell] = []
    for (index, shape) in shapes.enumerated() {
      let left = Double(shape.time.secondsSince1970)
      let right =
        index + 1 < shapes.count
        ? Double(shapes[index + 1].time.secondsSince1970) : max(end, left + 1)
      for (place, value) in shape.values.enumerated() {
        let low = shape.lowestPrice + Double(place) * shape.interval
        let high = shape.lowestPrice + Double(place + 1) * shape.interval
        cells.append(
          HeatMap.Cell(
            left: left, right: right, low: low, high: high,
            value: value / (100 * shape.interval / shape.price)))
      }
    }
    let most = cells.map(\.value).max() ?? 0
    let prices =
      cells.filter { $0.value > most * 0.04 }.flatMap { [$0.low, $0.high] } + path.map(\.price)
    let axis = PlotAxis.numbers(prices, title: "A per B", margin: 0)
    let seen = cells.filter { axis.range.overlaps($0.low...$0.high) }.map { cell in
      HeatMap.Cell(
        left: cell.left, right: cell.right, low: cell.low.clamped(to: axis.range),
        high: cell.high.clamped(to: axis.range), value: cell.value)
    }
    return Plot(
      title: "Liquidity over time",
      caption:
        "How much the curve \(report.figures.markets.count > 1 ? "of the first market " : "")offers near each "
        + "price, and the market price.",
      description:
        "\(shapes.count) moments; the most is \(Figures.grouped(most, 3)) A in one percent of "
        + "the price. \(report.figures.pool.total.reforms) reforms moved the curve.",
      x: time, y: axis,
      marks: [
        .heat(HeatMap(cells: seen, title: "A in 1 % of the price")),
        .line("market price", .ink, over { $0.price }),
      ])
  }

  var depth: Plot {
    let points = report.figures.depth
    let pool = points.map { (x: $0.bps, y: Optional($0.pool)) }
    let product = points.map { (x: $0.bps, y: Optional($0.product)) }
    return Plot(
      title: "Depth at the end",
      caption: "What a trade moves until the price is so far from the market, fees included.",
      description:
        "Up to \(Figures.grouped(points.map(\.pool).max() ?? 0, 4)) A in the tick pool and "
        + "\(Figures.grouped(points.map(\.product).max() ?? 0, 4)) A in the constant product.",
      x: .numbers(
        points.map(\.bps), title: "basis points from the market price; purchases of B to the right",
        margin: 0.03),
      y: .numbers((pool + product).compactMap(\.y), title: "A", zero: true),
      marks: [.dots("tick pool", .first, pool), .dots("constant product", .second, product)])
  }

  /// None without orders.
  var slippage: Plot? {
    let figures = report.figures
    func points(
      _ buckets: [SlippageBucket], _ value: (SlippageBucket) -> Double?
    ) -> [(x: Double, y: Double?)] {
      // a size of a bucket is in the middle of it
      buckets.map { ($0.from * 10.0.squareRoot(), value($0).flatMap { $0 > 0 ? $0 : nil }) }
    }
    let lines: [(String, Plot.Style, [(x: Double, y: Double?)])] = [
      ("tick pool", .first, points(figures.pool.slippage, \.bps)),
      ("constant product", .second, points(figures.product.slippage, \.bps)),
      ("recorded pool", .third, points(figures.pool.slippage, \.recordedBps)),
    ].filter { $0.2.contains { $0.y != nil } }
    guard !lines.isEmpty else { return nil }
    let sizes = figures.pool.slippage.flatMap { [$0.from, $0.from * 10] }
    return Plot(
      title: "Slippage by size",
      caption: "Average price over the price before, fees included.",
      description: "For orders of each power of ten: "
        + figures.pool.slippage.map {
          "\(Figures.grouped($0.bps, 3)) basis points from \(Figures.grouped($0.from)) A"
        }.joined(separator: ", ") + " in the tick pool.",
      x: .logarithms(sizes, title: "worth of the order, A"),
      y: .logarithms(lines.flatMap { $0.2.compactMap(\.y) }, title: "basis points"),
      marks: lines.map { .dots($0.0, $0.1, $0.2) })
  }

  var offered: Plot {
    let pool = over { 100 * $0.pool.offered }
    return Plot(
      title: "Capital in use", caption: "Part of the tick pool's reserves that is on offer.",
      description:
        "On average \(Figures.percent(report.figures.pool.meanOffered)) of the reserves are on offer.",
      x: time, y: .numbers(pool.compactMap(\.y), title: "%", zero: true),
      marks: [.line("on offer", .first, pool)])
  }

  /// Of a shared pool.
  var health: Plot? {
    guard let markets = report.setup.markets else { return nil }
    let pool = over { $0.pool.health }
    let floor = markets.limits == .off ? nil : markets.limits.floor.value
    return Plot(
      title: "Health of the shared pool",
      caption: "1 is as founded"
        + (floor.map { "; no settlement leaves less than \(Figures.short($0))." } ?? "."),
      description:
        "The health factor is at least \(Figures.grouped(report.figures.pool.leastHealth, 4)).",
      x: time,
      y: .numbers(pool.compactMap(\.y) + (floor.map { [$0] } ?? []), title: "health factor"),
      marks: [.line("health", .first, pool)]
        + (floor.map { floor in [.line("floor", .second, over { _ in floor })] } ?? []))
  }

  var volatility: Plot {
    let values = over { 100 * $0.impliedVolatility }
    return Plot(
      title: "Implied volatility", caption: "As it was known, a year.",
      description: "It went from \(Figures.percent(path.first?.impliedVolatility ?? 0)) to "
        + "\(Figures.percent(path.last?.impliedVolatility ?? 0)).",
      x: time, y: .numbers(values.compactMap(\.y), title: "%"),
      marks: [.line("implied volatility", .fifth, values)])
  }
}
