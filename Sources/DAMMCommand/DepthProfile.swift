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
  ///   - curve: what to show, formed where it stands.
  ///   - most: the most bars; one more where the position cuts one.
  init(_ curve: Curve, most: Int) throws {
    let table = curve.table
    let parts = min(most, table.count)
    var bars: [Bar] = []
    bars.reserveCapacity(parts + 1)
    var from = curve.priceRange.lowerBound
    for part in 0..<parts {
      let first = table.lowestTick + part * table.count / parts
      let last = table.lowestTick + (part + 1) * table.count / parts
      let to =
        part == parts - 1
        ? curve.priceRange.upperBound : curve.oraclePrice * table.relativePrice(ofTick: last)
      let (a, b) = try Self.means(curve, first..<last)
      let cut = min(max(curve.price, from), to)
      if let a, from < cut { bars.append(Bar(from: from, to: cut, liquidity: a, holdsA: true)) }
      if let b, cut < to { bars.append(Bar(from: cut, to: to, liquidity: b, holdsA: false)) }
      from = to
    }
    self.bars = bars
    peak = bars.map(\.liquidity).max() ?? 0
    range = curve.priceRange
  }

  /// The mean liquidity of the ticks that hold A and of those that hold B, where there are any. Each
  /// part of the position's own tick has the scale of its side.
  private static func means(_ curve: Curve, _ ticks: Range<Int>) throws -> (a: Double?, b: Double?)
  {
    let here = curve.position
    var (a, b) = ((sum: 0.0, ticks: 0.0), (sum: 0.0, ticks: 0.0))
    for tick in ticks {
      if tick == here.tick {
        let whole = curve.liquidity * curve.table.mass(ofTick: tick)
        a = (a.sum + whole * curve.scaleA * here.fraction, a.ticks + here.fraction)
        b = (b.sum + whole * curve.scaleB * (1 - here.fraction), b.ticks + 1 - here.fraction)
      } else {
        let liquidity = try curve.depth(ofTick: tick).liquidity
        if tick < here.tick {
          a = (a.sum + liquidity, a.ticks + 1)
        } else {
          b = (b.sum + liquidity, b.ticks + 1)
        }
      }
    }
    return (a.ticks > 0 ? a.sum / a.ticks : nil, b.ticks > 0 ? b.sum / b.ticks : nil)
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
