import CKernels
import DAMMModel

/// An order as the kernels take it, and the way back from what they did to an answer.
struct Request {
  private let side: Side
  /// A swap to a price, whose target binds: the limit then completes it.
  private let targetBinds: Bool
  private let fixesAmount: Bool
  let order: ck_order

  init(_ order: Order, on curve: Curve) {
    side = order.side
    let buying = order.side == .buy
    var c = ck_order()
    c.buy = buying ? 1 : 0
    // Of a target and a limit the nearer one binds.
    var stop = order.limit
    switch order.size {
    case .amount(let b):
      (c.key, c.value) = (Int32(CK_B), b)
      (fixesAmount, targetBinds) = (true, false)
    case .notional(let a):
      (c.key, c.value) = (Int32(CK_A), a)
      (fixesAmount, targetBinds) = (true, false)
    case .toPrice(let target):
      c.key = Int32(CK_NONE)
      stop = order.limit.map { buying ? min(target, $0) : max(target, $0) } ?? target
      (fixesAmount, targetBinds) = (false, stop == target)
    }
    if let stop, let place = curve.binding(stop, order.side) {
      c.has_limit = 1
      c.limit = place
    }
    self.order = c
  }

  func answer(_ fill: ck_fill, _ lowestTick: Int) -> Quote {
    let (b, a) = fill.amount
    let buying = side == .buy
    let stop: Stop =
      fill.stop == Int32(CK_FILLED)
      ? .complete
      : fill.stop == Int32(CK_LIMIT) ? (targetBinds ? .complete : .priceLimit) : .exhausted
    let fixed = order.key == Int32(CK_B) ? b : a
    return Quote(
      side: side, amountIn: buying ? a : b, amountOut: buying ? b : a, fee: 0,
      priceAfter: fill.price,
      positionAfter: Position(unchecked: lowestTick + Int(fill.after.tick), fill.fraction),
      ticksCrossed: Int(fill.ticks), stop: stop,
      left: fixesAmount ? max(0, order.value - fixed) : nil)
  }
}
