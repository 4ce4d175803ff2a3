import CKernels
import DAMMModel

/// An order as the kernels take it, and the way back from what they did to an answer.
struct Request {
  private let side: Side
  /// A swap to a price, whose target binds: the limit then completes it.
  private let targetBinds: Bool
  private let fixesAmount: Bool
  private(set) var order: ck_order
  /// The price coordinate where it must stop, if there is one: the nearer of target and limit.
  let stop: Double?

  init(_ order: Order) {
    side = order.side
    let buying = order.side == .buy
    var c = ck_order()
    c.buy = buying ? 1 : 0
    switch order.size {
    case .amount(let b):
      (c.key, c.value) = (Int32(CK_B), b)
      (fixesAmount, targetBinds, stop) = (true, false, order.limit)
    case .notional(let a):
      (c.key, c.value) = (Int32(CK_A), a)
      (fixesAmount, targetBinds, stop) = (true, false, order.limit)
    case .toPrice(let target):
      c.key = Int32(CK_NONE)
      let nearer = order.limit.map { buying ? min(target, $0) : max(target, $0) } ?? target
      (fixesAmount, targetBinds, stop) = (false, nearer == target, nearer)
    }
    self.order = c
  }

  /// Sets the place where it must stop.
  mutating func bind(_ place: ck_point) {
    order.has_limit = 1
    order.limit = place
  }

  func answer(_ fill: ck_fill, _ lowestTick: Int64) -> Quote {
    let (b, a) = fill.amount
    let buying = side == .buy
    let stop: Stop =
      fill.stop == Int32(CK_FILLED)
      ? .complete
      : fill.stop == Int32(CK_LIMIT) ? (targetBinds ? .complete : .priceLimit) : .exhausted
    let fixed = order.key == Int32(CK_B) ? b : a
    return Quote(
      side: side, amountIn: buying ? a : b, amountOut: buying ? b : a, fee: fill.fee,
      priceAfter: fill.price,
      positionAfter: Position(unchecked: Int(lowestTick + fill.after.tick), fill.fraction),
      ticksCrossed: Int(fill.ticks), stop: stop,
      left: fixesAmount ? max(0, order.value - fixed) : nil)
  }
}
