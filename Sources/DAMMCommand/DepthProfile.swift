import DAMM

/// The liquidity of a curve over price, gathered into a number of bars. Ticks below the position
/// hold A, ticks above hold B; a bar in which the position lies is cut there.
struct DepthProfile {
  /// Neighbouring ticks of one side.
  struct Bar {
    /// Lower end, a price coordinate, A per B.
    let from: Double
    /// Upper end.
    let to: Double
    /// Mean liquidity a tick.
    let liquidity: Double
    /// Whether the ticks hold A.
    let holdsA: Bool
  }

  /// In ascending price.
  let bars: [Bar]
  /// The highest mean liquidity of a tick.
  let peak: Double
  /// The two ends of the curve, as price coordinates.
  let range: ClosedRange<Double>

  /// - Parameters:
  ///   - curve: what to show.
  ///   - most: the most bars; one more where the position cuts one.
  init(_ curve: Curve, most: Int) throws {
    let table = curve.table
    let parts = min(most, table.count)
    let position = curve.price
    var bars: [Bar] = []
    bars.reserveCapacity(parts + 1)
    var from = curve.priceRange.lowerBound
    for part in 0..<parts {
      let first = table.lowestTick + part * table.count / parts
      let last = table.lowestTick + (part + 1) * table.count / parts
      var sum = 0.0
      for tick in first..<last { sum += try curve.depth(ofTick: tick).liquidity }
      let mean = sum / Double(last - first)
      let to =
        part == parts - 1
        ? curve.priceRange.upperBound : curve.oraclePrice * table.relativePrice(ofTick: last)
      if from < position, position < to {
        bars.append(Bar(from: from, to: position, liquidity: mean, holdsA: true))
        bars.append(Bar(from: position, to: to, liquidity: mean, holdsA: false))
      } else {
        bars.append(Bar(from: from, to: to, liquidity: mean, holdsA: to <= position))
      }
      from = to
    }
    self.bars = bars
    peak = bars.map(\.liquidity).max() ?? 0
    range = curve.priceRange
  }

  /// The bar at a price coordinate.
  func bar(at price: Double) -> Bar {
    let index = bars.partitionPoint { $0.to > price }
    return bars[min(index, bars.count - 1)]
  }
}

extension Array {
  /// The index of the first element for which `predicate` holds, where it holds for all after it.
  func partitionPoint(_ predicate: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
