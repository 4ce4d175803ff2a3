import DAMMModel
import DAMMPool
import TestSupport

/// A theorem that a walk found broken.
enum Broken: String, Error {
  /// `collected = owed + paid + remainder`, or another law that the book checks itself.
  case law
  /// Collected and paid are what went in and came out.
  case sums
  /// Positions have the shares that they were given.
  case shares
  /// Nobody is credited more than the exact pro-rata share.
  case tooMuch
  /// Nobody is credited a lot less than it.
  case tooLittle
  /// An action changed what another position is owed for the worse.
  case othersLose
  /// A leaver was paid a part of what it forfeits, or the last one was not paid all.
  case penalty
  /// A refused action changed the book, or an action was refused or taken that should not be.
  case refusal
}

/// A random sequence of every action on one book, dust and extremes included, judged after each.
struct BookWalk<Book: FeeLedger> {
  private(set) var book: Book
  private var exact = ExactShares()
  private var random: SplitMix64
  private var now: Int
  /// What the walk itself knows of each position.
  private var positions: [PositionID: (shares: Int, lock: Lock?, paid: Int)] = [:]
  private var collected = 0
  private var paid = 0
  /// The largest amounts of this walk: a bit length each.
  private let shareBits: Int
  private let feeBits: Int
  /// Actions of each kind that were taken, so that a test can see that none is missing.
  private(set) var taken: [String: Int] = [:]

  init(_ book: Book, seed: UInt64) {
    self.book = book
    random = SplitMix64(seed: seed)
    now = Int.random(in: 0..<2_000_000_000, using: &random)
    shareBits = [2, 8, 20, 40, 48, 61].randomElement(using: &random)!
    feeBits = [1, 4, 16, 40, 48, 60].randomElement(using: &random)!
  }

  private var time: UTCTime { UTCTime(secondsSince1970: Int64(now)) }

  /// From 1 to `2^bits`, every length as likely as another.
  private mutating func amount(_ bits: Int) -> Int {
    let length = Int.random(in: 0...bits, using: &random)
    return Int.random(in: 1...1 << length, using: &random)
  }

  private mutating func lock() throws -> Lock? {
    guard random.oneIn(2) else { return nil }
    let schedules: [ExitSchedule] = [.linear, .quadratic, .cliff, .steps(amount(10))]
    let term = random.oneIn(2) ? amount(6) : amount(31)
    return try Lock(
      start: time, end: UTCTime(secondsSince1970: Int64(now + term)),
      schedule: schedules.randomElement(using: &random)!)
  }

  /// One random action and all theorems. Throws `Broken`.
  mutating func step() throws {
    now += random.oneIn(8) ? amount(30) : Int.random(in: 0...3, using: &random)
    let ids = positions.keys.sorted()
    let id = ids.randomElement(using: &random) ?? PositionID(1)
    let owed = try ids.map { try book.owed(to: $0) }
    let isFree = positions[id].map { $0.lock?.isOver(at: time) ?? true } ?? false
    let before = book
    var changed: PositionID?
    do {
      switch Int.random(in: 0..<(ids.count > 12 ? 14 : 10), using: &random) {
      case 0, 1, 2: try collect()
      case 3: changed = try mint()
      case 4: changed = try mint(into: id, isFree: isFree)
      case 5, 6: changed = try claim(id, isFree: isFree)
      case 7, 10: changed = try burn(id, isFree: isFree, all: false)
      case 8, 11: changed = try burn(id, isFree: isFree, all: true)
      default: changed = try leave(id, isFree: isFree)
      }
    } catch is PoolError {
      guard book == before else { throw Broken.refusal }
      taken["refused", default: 0] += 1
    }
    for (other, before) in zip(ids, owed) where other != changed {
      guard try book.owed(to: other) >= before else { throw Broken.othersLose }
    }
    try judge()
  }

  private mutating func collect() throws {
    let room = Domain.collectedFees.upperBound - collected
    let fee =
      random.oneIn(30) ? room &+ Int.random(in: -1...1, using: &random) : amount(feeBits) - 1
    try book.collect(fee)
    guard fee <= room, !positions.isEmpty else { throw Broken.refusal }
    collected += fee
    exact.collect(fee)
    taken["collect", default: 0] += 1
  }

  private mutating func mint() throws -> PositionID {
    let room = Domain.shares.upperBound - book.shares
    let count =
      random.oneIn(30) ? room &+ Int.random(in: -1...1, using: &random) : amount(shareBits)
    let lock = try lock()
    let id = try book.mint(count, lock: lock)
    guard (1...room).contains(count), positions[id] == nil else { throw Broken.refusal }
    positions[id] = (count, lock, 0)
    exact.setShares(count, of: id)
    taken["mint", default: 0] += 1
    return id
  }

  private mutating func mint(into id: PositionID, isFree: Bool) throws -> PositionID {
    let count = amount(shareBits) - (random.oneIn(20) ? 1 : 0)
    let room = Domain.shares.upperBound - book.shares
    try book.mint(count, into: id, at: time)
    guard isFree, (1...room).contains(count) else { throw Broken.refusal }
    positions[id]!.shares += count
    exact.setShares(positions[id]!.shares, of: id)
    taken["mint into", default: 0] += 1
    return id
  }

  private mutating func claim(_ id: PositionID, isFree: Bool) throws -> PositionID {
    let lots = try book.claim(from: id, at: time)
    guard isFree else { throw Broken.refusal }
    paid += lots
    positions[id]!.paid += lots
    exact.pay(lots, to: id)
    taken["claim", default: 0] += 1
    return id
  }

  private mutating func burn(_ id: PositionID, isFree: Bool, all: Bool) throws -> PositionID {
    let shares = positions[id]?.shares ?? 0
    let dust = min(amount(shareBits), max(shares - 1, 1))
    let count = all ? shares : random.oneIn(20) ? shares + 1 : dust
    let owed = try book.owed(to: id)
    let isLast = positions.count == 1
    let lots = try book.burn(count, from: id, at: time)
    guard isFree, count <= shares else { throw Broken.refusal }
    paid += lots
    if count == shares {
      // the last one is paid what could not be divided, too
      guard isLast ? (0...1).contains(lots - owed) : lots == owed else { throw Broken.penalty }
      try remove(id, lots)
    } else {
      guard lots == 0 else { throw Broken.penalty }
      positions[id]!.shares -= count
      exact.setShares(positions[id]!.shares, of: id)
    }
    taken[count == shares ? "burn all" : "burn", default: 0] += 1
    return id
  }

  private mutating func leave(_ id: PositionID, isFree: Bool) throws -> PositionID {
    let owed = try book.owed(to: id)
    let isLast = positions.count == 1
    let lots = try book.leave(id, at: time)
    guard !isFree, positions[id] != nil else { throw Broken.refusal }
    paid &+= lots
    guard isLast ? (0...1).contains(lots &- owed) : lots == 0 else { throw Broken.penalty }
    try remove(id, lots)
    taken[isLast ? "leave last" : "leave", default: 0] += 1
    return id
  }

  private mutating func remove(_ id: PositionID, _ lots: Int) throws {
    exact.pay(lots, to: id)
    positions[id] = nil
    guard exact.remove(id) else { throw Broken.tooLittle }
  }

  private func judge() throws {
    guard book.lawHolds else { throw Broken.law }
    guard book.collected == collected, book.paid == paid else { throw Broken.sums }
    guard book.shares == positions.values.reduce(0, { $0 + $1.shares }) else {
      throw Broken.shares
    }
    for (id, position) in positions {
      let owed = try book.owed(to: id)
      guard owed >= 0 else { throw Broken.tooMuch }
      let share = exact.compare(position.paid + owed, of: id)
      guard share.isNotTooMuch else { throw Broken.tooMuch }
      guard share.isNotTooLittle else { throw Broken.tooLittle }
    }
    // everything is paid when nobody is left
    guard !positions.isEmpty || paid == collected else { throw Broken.tooLittle }
  }
}
