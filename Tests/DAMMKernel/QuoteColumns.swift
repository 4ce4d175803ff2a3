import DAMMKernel
import DAMMModel

/// Memory for the fields of a batch, with guards around each and a start that need not be aligned.
final class QuoteColumns {
  /// A field; the raw value is its bit in a set of them.
  enum Field: Int, CaseIterable {
    case amountIn, amountOut, fee, averagePrice, priceAfter, fractionAfter, left
    case tickAfter, ticksCrossed, stop
  }

  static let allFields = Set(Field.allCases)
  private static let untouched: UInt64 = 0x7ff8_dead_5eed_beef
  private static let guards = 16

  let count: Int
  private let fields: Set<Field>
  private let start: Int
  private let room: Int
  private let words: UnsafeMutablePointer<UInt64>

  /// - Parameters:
  ///   - count: elements of each array.
  ///   - fields: the arrays that there are.
  ///   - shift: 0 to 7; where they start, in elements from an alignment of 64 bytes.
  init(_ count: Int, _ fields: Set<Field> = allFields, shift: Int = 0) {
    self.count = count
    self.fields = fields
    start = Self.guards / 2 + shift
    room = (count + shift + Self.guards + 7) / 8 * 8
    let bytes = Field.allCases.count * room * 8
    words = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: UInt64.self, capacity: bytes / 8)
    words.initialize(repeating: Self.untouched, count: bytes / 8)
  }

  deinit { words.deallocate() }

  private func column(_ field: Field) -> UnsafeMutablePointer<UInt64> {
    words + field.rawValue * room
  }

  private func array<T>(_ field: Field, of type: T.Type) -> UnsafeMutablePointer<T>? {
    guard fields.contains(field) else { return nil }
    return UnsafeMutableRawPointer(column(field) + start).assumingMemoryBound(to: T.self)
  }

  var arrays: QuoteArrays {
    var arrays = QuoteArrays()
    arrays.amountIn = array(.amountIn, of: Double.self)
    arrays.amountOut = array(.amountOut, of: Double.self)
    arrays.fee = array(.fee, of: Double.self)
    arrays.averagePrice = array(.averagePrice, of: Double.self)
    arrays.priceAfter = array(.priceAfter, of: Double.self)
    arrays.fractionAfter = array(.fractionAfter, of: Double.self)
    arrays.left = array(.left, of: Double.self)
    arrays.tickAfter = array(.tickAfter, of: Int64.self)
    arrays.ticksCrossed = array(.ticksCrossed, of: Int64.self)
    arrays.stop = array(.stop, of: Int32.self)
    return arrays
  }

  /// What a batch writes for a quote.
  static func bits(_ quote: Quote, _ field: Field) -> UInt64 {
    switch field {
    case .amountIn: quote.amountIn.bitPattern
    case .amountOut: quote.amountOut.bitPattern
    case .fee: quote.fee.bitPattern
    case .averagePrice: (quote.averagePrice ?? 0).bitPattern
    case .priceAfter: quote.priceAfter.bitPattern
    case .fractionAfter: quote.positionAfter.fraction.bitPattern
    case .left: (quote.left ?? 0).bitPattern
    case .tickAfter: UInt64(bitPattern: Int64(quote.positionAfter.tick))
    case .ticksCrossed: UInt64(bitPattern: Int64(quote.ticksCrossed))
    case .stop: UInt64(Stop.allCases.firstIndex(of: quote.stop) ?? 9)
    }
  }

  /// The fields of element `i` that differ from a quote, bit for bit.
  func differences(_ i: Int, from quote: Quote) -> [Field] {
    Field.allCases.filter { fields.contains($0) && self[$0, i] != Self.bits(quote, $0) }
  }

  subscript(field: Field, i: Int) -> UInt64 {
    if field == .stop {
      return UInt64(UInt32(bitPattern: array(field, of: Int32.self)![i]))
    }
    return column(field)[start + i]
  }

  /// Whether everything but the elements of the arrays is as it was.
  var nothingElseWritten: Bool {
    Field.allCases.allSatisfy { field in
      let bytes = UnsafeRawBufferPointer(start: column(field), count: room * 8)
      let stride = field == .stop ? 4 : 8
      let written = fields.contains(field) ? start * 8..<start * 8 + count * stride : 0..<0
      return bytes.indices.allSatisfy { at in
        written.contains(at)
          || bytes[at] == UInt8(truncatingIfNeeded: Self.untouched >> (at % 8 * 8))
      }
    }
  }

  /// Whether nothing is written at all.
  var nothingWritten: Bool {
    (0..<Field.allCases.count * room).allSatisfy { words[$0] == Self.untouched }
  }
}
