import DAMMModel
import DAMMOracle
import Foundation

/// Option chains read from a file of comma-separated text: one chain for each underlying and time.
///
/// The format follows from the header; columns may stand in any order and among others.
///
/// - `coin`: a venue whose premiums are in coin, one row an option: `timestamp` (UTC, to a fraction of a
///   second), `instrument_name`, `currency` (the underlying), `option_type`, `strike`,
///   `expiry_datetime`, `bid_price`, `ask_price`, `mark_price`, `futures_price` (the forward),
///   `implied_volatility` (a decimal) and `index_price` (the price now). Prices may be missing. Times to
///   expiry are computed from the times, in years of 365 days.
/// - `index`: an end-of-day chain of an index, premiums in cash: `underlying`, `underlying_last`,
///   `optionroot`, `type`, `expiration` and `quotedate` (MM/DD/YYYY), `strike`, `bid`, `ask` and
///   `impliedvol` (a decimal; 0 is unknown). It names neither rate nor forward, so both follow from
///   put-call parity, and no time of day: see `IndexCalendar` for what is assumed.
public struct OptionChainFile: Sendable {
  /// How a file writes its chain.
  public enum Format: String, Sendable, Hashable, CaseIterable, Codable {
    /// Premiums in coin, with marks, forwards and volatilities.
    case coin
    /// Premiums in cash, bids and asks alone.
    case index

    /// The columns that are read.
    public var columns: [String] {
      switch self {
      case .coin: CoinChainRows.columns
      case .index: IndexChainRows.columns
      }
    }
  }

  /// The format that the header has.
  public let format: Format
  /// The chains, at least one, by underlying and then by time.
  public let chains: [OptionChain]

  /// Reads a file, which may be compressed with gzip.
  ///
  /// - Throws: `TableError`, with the line of the first row that is wrong.
  public init(contentsOf url: URL) throws(TableError) {
    try self.init(Table(ByteSource(url)), name: url.lastPathComponent)
  }

  /// Reads text.
  ///
  /// - Parameters:
  ///   - text: comma-separated text.
  ///   - name: what to call the source.
  /// - Throws: `TableError`, with the line of the first row that is wrong.
  /// - Complexity: `n log n` in the number of rows.
  public init(csv text: String, name: String) throws(TableError) {
    try self.init(Table(ByteSource(Array(text.utf8))), name: name)
  }

  private init(_ table: Table, name: String) throws(TableError) {
    guard
      let format = Format.allCases.first(where: { $0.columns.allSatisfy(table.header.contains) })
    else {
      throw .unknownFormat(
        found: table.header, allowed: Format.allCases.map { $0.columns.joined(separator: ",") })
    }
    let rows: any ChainRows = format == .coin ? CoinChainRows() : IndexChainRows()
    try table.choose(format.columns)
    try table.forEachRow { (row) throws(TableError) in try rows.add(row) }
    self.format = format
    chains = try Self.chains(rows, source: OneLine.of(name, most: 200))
    guard !chains.isEmpty else { throw .noRows }
  }

  private struct Group: Hashable {
    let underlying: String
    let time: UTCTime
  }

  private static func chains(
    _ rows: any ChainRows, source: String
  ) throws(TableError) -> [OptionChain] {
    let groups = Dictionary(grouping: rows.quotes) {
      Group(underlying: $0.underlying, time: $0.quote.time)
    }
    let sorted = groups.sorted {
      ($0.key.underlying, $0.key.time) < ($1.key.underlying, $1.key.time)
    }
    var chains: [OptionChain] = []
    for (group, quotes) in sorted {
      do throws(ReadingError) {
        chains.append(
          try OptionChain(
            underlying: group.underlying, time: group.time, quotes: quotes.map(\.quote),
            source: source, steps: rows.steps(of: group.underlying)))
      } catch {
        // A group has a quote, and times that were read are in their domain.
        throw .noRows
      }
    }
    return chains
  }

  /// The underlyings, in the order of their names.
  public var underlyings: [String] { Set(chains.map(\.underlying)).sorted() }

  /// The chain of an underlying at a time.
  ///
  /// - Parameters:
  ///   - underlying: may be left out where there is only one.
  ///   - time: the last chain that is not later counts; may be left out where there is only one.
  /// - Throws: `ChainChoiceError` that names what is there.
  public func chain(
    underlying: String? = nil, at time: UTCTime? = nil
  ) throws(ChainChoiceError) -> OptionChain {
    let names = underlyings
    guard let chosen = underlying ?? (names.count == 1 ? names[0] : nil) else {
      throw .severalUnderlyings(found: names)
    }
    let its = chains.filter { $0.underlying == chosen }
    guard let first = its.first, let last = its.last else {
      throw .unknownUnderlying(chosen, found: names)
    }
    guard let time else {
      guard its.count == 1 else {
        throw .severalTimes(count: its.count, first: first.time, last: last.time)
      }
      return first
    }
    guard let known = its.last(where: { $0.time <= time }) else {
      throw .nothingYet(at: time, first: first.time)
    }
    return known
  }
}

/// Why no chain of a file was chosen. `description` says what was given and what is there.
public enum ChainChoiceError: Error, Equatable, Sendable {
  /// The file has several underlyings and none was named.
  case severalUnderlyings(found: [String])
  /// The file has no such underlying.
  case unknownUnderlying(String, found: [String])
  /// The file has chains of several times and none was named.
  case severalTimes(count: Int, first: UTCTime, last: UTCTime)
  /// The file begins later.
  case nothingYet(at: UTCTime, first: UTCTime)
}

extension ChainChoiceError: CustomStringConvertible {
  /// One sentence: what was given and what is there.
  public var description: String {
    switch self {
    case .severalUnderlyings(let found):
      return "the file has options on \(Self.list(found)): name one of them as the underlying."
    case .unknownUnderlying(let given, let found):
      return "the underlying is \"\(OneLine.of(given, most: 60))\", but the file has options on "
        + "\(Self.list(found))."
    case .severalTimes(let count, let first, let last):
      return "the file has chains of \(count) times, from \(first) to \(last): name a time."
    case .nothingYet(let time, let first):
      return "the time is \(time), but the first chain of the file is of \(first)."
    }
  }

  private static func list(_ names: [String]) -> String {
    OneLine.of(names.joined(separator: ", "), most: 200)
  }
}
