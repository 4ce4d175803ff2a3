/// One way to do the work of a row. Which elements are next is for the caller to say, so that a slow
/// contender can take a part of the inputs in a round and go on with the others in the next.
struct Contender {
  /// What is proved before anything is measured.
  struct Finding {
    /// The largest relative error against the reference.
    var worst = 0.0
    /// The largest error over what was allowed for it; above 1 the contender is wrong.
    var excess = 0.0
  }

  let name: String
  /// Whether it is this library, or a peer.
  let isOurs: Bool
  /// How many elements there are: sizes of orders, or passes.
  let count: Int
  /// Most elements in one call.
  let granule: Int
  /// Operations of an element, as the unit of the row counts them.
  let operations: Int
  /// What p50 must not exceed, in nanoseconds an operation.
  let target: Double?
  /// Longer samples where a round has a cost of its own.
  let sampleFactor: Double
  /// Runs before each sample and is not measured; for what would otherwise find a core asleep.
  let warmUp: () -> Void
  /// Goes back to the first element; for contenders that carry a state.
  let reset: () -> Void
  /// Compares so many answers with the reference.
  let prove: ((Int) -> Finding)?
  /// Does the elements of a range.
  let work: (Range<Int>) -> Void

  init(
    _ name: String, isOurs: Bool = true, count: Int, granule: Int = .max, operations: Int = 1,
    target: Double? = nil, sampleFactor: Double = 1, warmUp: @escaping () -> Void = {},
    reset: @escaping () -> Void = {}, prove: ((Int) -> Finding)? = nil,
    work: @escaping (Range<Int>) -> Void
  ) {
    self.name = name
    self.isOurs = isOurs
    self.count = count
    self.granule = granule
    self.operations = operations
    self.target = target
    self.sampleFactor = sampleFactor
    self.warmUp = warmUp
    self.reset = reset
    self.prove = prove
    self.work = work
  }
}

/// What belongs side by side: the same work done by all contenders.
struct Row {
  /// Which part of the report it is in.
  enum Section: String, CaseIterable, Encodable {
    case quotes = "Quotes"
    case kinds = "Four kinds of orders"
    case swaps = "Dependent swaps"
    case ticks = "By ticks crossed"
    case builds = "Table builds"
    case ledger = "Swaps of a pool in lots"
    case reforms = "Reforms"
    case pools = "Many pools"
    case volatility = "Implied volatility"
    case threads = "Two threads"
    case fees = "Quotes with fees"
    case replays = "Replays"
  }

  /// What a relation between the contenders must be.
  struct Demand {
    let title: String
    let bound: Bound
    /// From the times of each contender, round by round.
    let value: ([[Double]]) -> Double
  }

  let section: Section
  let title: String
  /// What is counted.
  let unit: String
  var contenders: [Contender]
  var demands: [Demand] = []
  /// Why a contender is missing, and what else to know.
  var notes: [String] = []
  /// Compares all answers of the contenders with each other; the largest relative difference.
  var agreement: (() throws -> Double)?
}

/// A target.
enum Bound: Encodable {
  case atLeast(Double)
  case atMost(Double)

  func holds(_ value: Double) -> Bool {
    switch self {
    case .atLeast(let least): value >= least
    case .atMost(let most): value <= most
    }
  }

  private enum CodingKeys: CodingKey { case atLeast, atMost }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .atLeast(let least): try container.encode(least, forKey: .atLeast)
    case .atMost(let most): try container.encode(most, forKey: .atMost)
    }
  }
}

extension Row {
  /// That a contender beats the fastest peer so many times.
  static func faster(_ ours: Int, thanBestOf peers: [Int], atLeast: Double) -> Demand {
    Demand(title: "times faster than the best peer", bound: .atLeast(atLeast)) { times in
      guard let best = Statistics.fastest(peers.map { times[$0] }) else { return .nan }
      return Statistics.ratio(times[peers[best]], to: times[ours])
    }
  }
}
