import CKernels
import DAMMModel

/// The price edges of a table, in units of the oracle price: `u_i = 1 + i w`, `w = bps / 10^4`.
struct TickGrid {
  let bps: Double

  /// `10^4 u_i`, exact to 2^-100.
  func tenThousandfold(_ index: Double) -> DoubleDouble {
    DoubleDouble(1e4) + .product(index, bps)
  }

  /// The index of the lowest tick whose price is positive: the smallest `i` with `1 + i w > 0`.
  var lowestPositive: Double {
    // -10^4 / bps, and the next index up if that price is zero
    let edge = (DoubleDouble(-1e4) / DoubleDouble(bps)).ceiling
    return tenThousandfold(edge).hi > 0 ? edge : edge + 1
  }

  /// How many ticks above the oracle price a coordinate lies, `(x / mu - 1) / w`.
  func ticks(toCoordinate x: Double, oraclePrice mu: Double) -> DoubleDouble {
    DoubleDouble.sum(x, -mu) * 1e4 / .product(mu, bps)
  }
}
