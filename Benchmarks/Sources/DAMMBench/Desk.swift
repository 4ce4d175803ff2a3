import CMachine
import DAMM

/// Inputs and outputs of a row: the same arrays for all its contenders, 64-byte aligned.
final class Desk: @unchecked Sendable {
  let count: Int
  let values: UnsafeMutableBufferPointer<Double>
  /// What the order does not fix.
  let answers: UnsafeMutableBufferPointer<Double>
  /// What it does.
  let echo: UnsafeMutableBufferPointer<Double>
  private var more: [UnsafeMutableBufferPointer<Double>] = []

  init(_ sizes: [Double]) {
    count = sizes.count
    values = Self.aligned(count)
    answers = Self.aligned(count)
    echo = Self.aligned(count)
    _ = values.update(from: sizes)
  }

  deinit { for buffer in [values, answers, echo] + more { buffer.deallocate() } }

  private static func aligned(_ count: Int) -> UnsafeMutableBufferPointer<Double> {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 8, alignment: 64)
    let buffer = block.bindMemory(to: Double.self)
    buffer.initialize(repeating: .nan)
    return buffer
  }

  /// What a contender answers to the first orders.
  func answers(_ n: Int, of work: (Range<Int>) -> Void) -> [Double] {
    answers.update(repeating: .nan)
    work(0..<n)
    return Array(answers[..<n])
  }

  /// Arrays for every field of a quote, from one element on.
  func arrays(from first: Int, _ side: Side, _ fixed: Order.Fixed) -> QuoteArrays {
    if more.isEmpty { more = (0..<8).map { _ in Self.aligned(count) } }
    let answersAreIn = (side == .buy) == (fixed == .amount)
    var arrays = QuoteArrays()
    arrays.amountIn = (answersAreIn ? answers : echo).baseAddress! + first
    arrays.amountOut = (answersAreIn ? echo : answers).baseAddress! + first
    func pointer(_ index: Int) -> UnsafeMutablePointer<Double> { more[index].baseAddress! + first }
    func words<T>(_ index: Int, _: T.Type) -> UnsafeMutablePointer<T> {
      UnsafeMutableRawPointer(more[index].baseAddress!).assumingMemoryBound(to: T.self) + first
    }
    (arrays.fee, arrays.averagePrice) = (pointer(0), pointer(1))
    (arrays.priceAfter, arrays.fractionAfter) = (pointer(2), pointer(3))
    arrays.left = pointer(4)
    arrays.tickAfter = words(5, Int64.self)
    arrays.ticksCrossed = words(6, Int64.self)
    arrays.stop = words(7, Int32.self)
    return arrays
  }
}

/// What our contenders do with a desk. The sizes were drawn inside their domain: nothing throws.
extension Desk {
  /// The batch of the public interface, into two spans.
  func batch(_ curve: Curve, _ side: Side, _ fixed: Order.Fixed) -> (Range<Int>) -> Void {
    let answersAreIn = (side == .buy) == (fixed == .amount)
    let (paid, received) = answersAreIn ? (answers, echo) : (echo, answers)
    return { [self] range in
      var amountIn = UnsafeMutableBufferPointer(rebasing: paid[range]).mutableSpan
      var amountOut = UnsafeMutableBufferPointer(rebasing: received[range]).mutableSpan
      try! curve.quotes(
        side, fixed, UnsafeBufferPointer(rebasing: values[range]).span, amountIn: &amountIn,
        amountOut: &amountOut)
    }
  }

  /// The batch that writes all fields.
  func batchOfAllFields(
    _ curve: Curve, _ side: Side, _ fixed: Order.Fixed
  ) -> (Range<Int>) -> Void {
    { [self] range in
      try! curve.quotes(
        side, fixed, UnsafeBufferPointer(rebasing: values[range]),
        into: arrays(from: range.lowerBound, side, fixed))
    }
  }

  /// One quote after another.
  func singly(_ curve: Curve, _ side: Side, _ fixed: Order.Fixed) -> (Range<Int>) -> Void {
    let answerIsIn = (side == .buy) == (fixed == .amount)
    return { [self] range in
      let (values, answers) = (values, answers)
      for i in range {
        let size: Order.Size = fixed == .amount ? .amount(values[i]) : .notional(values[i])
        let quote = curve.quote(try! Order(side, size))
        answers[i] = answerIsIn ? quote.amountIn : quote.amountOut
      }
    }
  }

  /// One swap after another, each on a copy of the pool.
  func swaps(_ curve: Curve, _ side: Side, _ fixed: Order.Fixed) -> (Range<Int>) -> Void {
    let answerIsIn = (side == .buy) == (fixed == .amount)
    return { [self] range in
      let (values, answers) = (values, answers)
      for i in range {
        var pool = curve
        let size: Order.Size = fixed == .amount ? .amount(values[i]) : .notional(values[i])
        let quote = pool.swap(try! Order(side, size))
        answers[i] = answerIsIn ? quote.amountIn : quote.amountOut
        withUnsafePointer(to: &pool) { machine_keep($0) }
      }
    }
  }
}
