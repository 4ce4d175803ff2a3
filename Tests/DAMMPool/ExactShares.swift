import DAMMModel

/// The fees that belong to each position by the law alone, as exact rational numbers: every fee divided
/// pro rata, and what a position leaves behind pro rata among those who stay.
///
/// All numbers have one denominator, the product of the shares that anything was divided by, so that
/// nothing here divides or rounds.
struct ExactShares {
  /// What a position has earned in its life is `(plus - minus)/denominator` lots.
  private struct Earned {
    var shares: Int
    var paid = 0
    var plus = Natural()
    var minus = Natural()
  }

  private var positions: [PositionID: Earned] = [:]
  private(set) var shares = 0
  private var denominator = Natural(1)
  /// The denominator without the last factor, while that is `shares`.
  private var part: Natural?
  /// What a book may have moved between positions: a carry below `S` units each time that shares changed.
  private var slack = Natural()

  mutating func collect(_ fee: Int) {
    guard fee > 0 else { return }
    let part = dividingByShares()
    for id in positions.keys {
      positions[id]!.plus.add(part, times: UInt64(fee), UInt64(positions[id]!.shares))
    }
  }

  mutating func setShares(_ count: Int, of id: PositionID) {
    changeShares(by: count - (positions[id]?.shares ?? 0))
    positions[id, default: Earned(shares: 0)].shares = count
  }

  mutating func pay(_ lots: Int, to id: PositionID) { positions[id]!.paid += lots }

  /// A position goes; what it has earned and was not paid goes to those who stay.
  ///
  /// - Returns: whether there is nothing left if nobody stays.
  mutating func remove(_ id: PositionID) -> Bool {
    let leaver = positions.removeValue(forKey: id)!
    changeShares(by: -leaver.shares)
    var less = leaver.minus
    less.add(denominator, times: UInt64(leaver.paid))
    guard shares > 0 else { return leaver.plus == less }
    _ = dividingByShares()
    for other in positions.keys {
      let count = UInt64(positions[other]!.shares)
      positions[other]!.plus.add(leaver.plus, times: count)
      positions[other]!.minus.add(less, times: count)
    }
    return true
  }

  /// Whether so many lots, paid and owed to a position in its life, are no more than it has earned but for
  /// the slack, and less than a lot short of it but for the slack.
  func compare(_ lots: Int, of id: PositionID) -> (isNotTooMuch: Bool, isNotTooLittle: Bool) {
    let exact = positions[id]!
    let unit = UInt64(1) << 32
    func scaled(_ number: Natural) -> Natural {
      var scaled = Natural()
      scaled.add(number, times: unit, unit)
      return scaled
    }
    var allowance = Natural()
    for (place, word) in slack.words.enumerated() {
      allowance.add(denominator, times: word, shiftedByWords: place)
    }
    // lots <= plus - minus + slack, over 2^64 denominators
    var given = exact.minus
    given.add(denominator, times: UInt64(lots))
    var right = scaled(exact.plus)
    right.add(allowance, times: 1)
    let isNotTooMuch = scaled(given) <= right
    // plus - minus < lots + 1 + slack + S units
    given.add(denominator, times: 1)
    var upper = scaled(given)
    upper.add(allowance, times: 1)
    upper.add(denominator, times: UInt64(shares))
    return (isNotTooMuch, scaled(exact.plus) < upper)
  }

  private mutating func changeShares(by change: Int) {
    slack.add(Natural(1), times: UInt64(shares))
    shares += change
    part = nil
  }

  /// Makes the shares a factor of the denominator, once, and returns the rest of it.
  private mutating func dividingByShares() -> Natural {
    if let part { return part }
    let part = denominator
    self.part = part
    denominator.multiply(by: UInt64(shares))
    for id in positions.keys {
      positions[id]!.plus.multiply(by: UInt64(shares))
      positions[id]!.minus.multiply(by: UInt64(shares))
    }
    return part
  }
}

/// A whole number of any size that is not negative.
struct Natural: Equatable {
  /// The lowest first, without zeros at the end.
  private(set) var words: [UInt64] = []

  init(_ value: UInt64 = 0) { words = value == 0 ? [] : [value] }

  mutating func multiply(by factor: UInt64) {
    var carry: UInt64 = 0
    for place in words.indices {
      let product = words[place].multipliedFullWidth(by: factor)
      let (low, overflow) = product.low.addingReportingOverflow(carry)
      words[place] = low
      carry = product.high + (overflow ? 1 : 0)
    }
    if carry > 0 { words.append(carry) }
    if factor == 0 { words = [] }
  }

  /// Adds `other * factor * 2^(64 shiftedByWords)`.
  mutating func add(_ other: Natural, times factor: UInt64, shiftedByWords shift: Int = 0) {
    guard factor > 0, !other.words.isEmpty else { return }
    while words.count < other.words.count + shift { words.append(0) }
    var carry: UInt64 = 0
    var place = shift
    for word in other.words {
      let product = word.multipliedFullWidth(by: factor)
      let sum = UInt128(product.low) + UInt128(words[place]) + UInt128(carry)
      words[place] = UInt64(truncatingIfNeeded: sum)
      carry = product.high + UInt64(sum >> 64)
      place += 1
    }
    while carry > 0 {
      if place == words.count { words.append(0) }
      let (sum, overflow) = words[place].addingReportingOverflow(carry)
      words[place] = sum
      carry = overflow ? 1 : 0
      place += 1
    }
  }

  /// Adds `other * factor * second`.
  mutating func add(_ other: Natural, times factor: UInt64, _ second: UInt64) {
    var product = other
    product.multiply(by: second)
    add(product, times: factor)
  }

  static func <= (left: Natural, right: Natural) -> Bool { !(right < left) }

  static func < (left: Natural, right: Natural) -> Bool {
    if left.words.count != right.words.count { return left.words.count < right.words.count }
    for (one, other) in zip(left.words.reversed(), right.words.reversed()) where one != other {
      return one < other
    }
    return false
  }
}
