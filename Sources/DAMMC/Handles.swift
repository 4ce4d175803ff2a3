import DAMM

/// What a C program knows as one pointer: made with one reference, which `free` gives back.
protocol Handle: AnyObject {}

extension Handle {
  /// A pointer that owns the object.
  var owned: OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

  /// Frees what a pointer owns; NULL owns nothing.
  static func free(_ pointer: OpaquePointer?) {
    guard let pointer else { return }
    Unmanaged<Self>.fromOpaque(UnsafeRawPointer(pointer)).release()
  }

  /// Borrows the object of a pointer. It is not retained: that would make threads that share a curve
  /// wait for one another's count.
  static func with<Result>(
    _ pointer: OpaquePointer?, _ name: StaticString, _ body: (Self) throws -> Result
  ) throws -> Result {
    let pointer = UnsafeRawPointer(try needed(pointer, name))
    return try Unmanaged<Self>.fromOpaque(pointer)._withUnsafeGuaranteedRef(body)
  }
}

/// A curve that never changes, and the reserves it was formed with.
final class CurveHandle: Handle, Sendable {
  let curve: Curve
  let reserveA, reserveB: Double

  init(_ curve: Curve, a: Double, b: Double) {
    self.curve = curve
    (reserveA, reserveB) = (a, b)
  }
}

/// A curve that swaps and reforms move, with the reserves that they leave.
final class PoolHandle: Handle {
  private(set) var curve: Curve
  private(set) var reserveA, reserveB: Double

  init(_ start: CurveHandle) {
    curve = start.curve
    (reserveA, reserveB) = (start.reserveA, start.reserveB)
  }

  /// Carries an order out: the reserves move by exactly the amounts of the quote. The sum of many
  /// roundings may want more than there is by their last bits: then nothing is left.
  func swap(_ order: Order) -> Quote {
    let quote = curve.swap(order)
    switch order.side {
    case .buy:
      reserveA += quote.amountIn
      reserveB = max(0, reserveB - quote.amountOut)
    case .sell:
      reserveB += quote.amountIn
      reserveA = max(0, reserveA - quote.amountOut)
    }
    return quote
  }

  /// A new oracle price on the same table; an unchanged one changes nothing.
  func reform(price: Double) throws {
    // asked first: what changes nothing needs no reserves
    guard price != curve.oraclePrice else { return }
    try curve.reform(oraclePrice: price, reserves: Reserves(a: reserveA, b: reserveB))
  }
}
