import DAMMModel
import DAMMPool

/// A parameter and the values that it takes in turn.
public struct SweepAxis: Sendable, Hashable, Codable {
  /// The name of the parameter, an option of a replay.
  public let name: String
  /// Its values, each in the one form that tells it.
  public let values: [String]

  /// An axis.
  ///
  /// - Throws: `SweepError` for a name that is none, no values, a text that is no value or is not allowed, and a value
  ///   that is there twice, in whatever form.
  public init(_ name: String, _ values: [String], of base: SweepBase) throws(SweepError) {
    guard let parameter = SweepParameter.named(name) else { throw .noSuchParameter(name) }
    guard !values.isEmpty else { throw .noAxis("\(name)=") }
    var (told, draft) = ([String](), SweepDraft(base))
    for text in values {
      let value = try parameter.set(text[...], in: &draft).word
      guard !told.contains(value) else { throw .twice(name: name, value: value) }
      told.append(value)
    }
    self.name = name
    self.values = told
  }

  /// An axis from a text such as `fee-bps=5,10,30`.
  ///
  /// - Throws: as `init(_:_:of:)`.
  public init(_ text: String, of base: SweepBase) throws(SweepError) {
    guard let (name, values) = Self.halves(text[...]) else { throw .noAxis(text) }
    let list = values.split(separator: ",", omittingEmptySubsequences: false)
    try self.init(String(name), list.map(String.init), of: base)
  }

  /// What stands before and behind the first `=`; `nil` where either is nothing.
  static func halves(_ text: Substring) -> (Substring, Substring)? {
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex else { return nil }
    let value = text[text.index(after: sign)...]
    return value.isEmpty ? nil : (text[..<sign], value)
  }
}

extension SweepValue {
  /// As axes and keys tell it.
  var word: String { self == .none ? SweepParameter.none : field }
}

/// One setting of all axes.
public struct SweepCell: Sendable, Hashable {
  /// The name and the value of each axis, in their order.
  public let settings: [Setting]

  /// The value of one parameter.
  public struct Setting: Sendable, Hashable {
    /// The name of the parameter.
    public let name: String
    /// Its value.
    public let value: String
  }

  /// `name=value` of each, with commas between: with the inputs and the base it decides every figure.
  public var key: String { settings.map { "\($0.name)=\($0.value)" }.joined(separator: ",") }

  init(_ settings: [Setting]) { self.settings = settings }

  /// The cell of a key.
  ///
  /// - Throws: `SweepError` for a text that is no key, and what is wrong with a value.
  public init(key: String, of base: SweepBase) throws(SweepError) {
    var settings: [Setting] = []
    for part in key.split(separator: ",", omittingEmptySubsequences: false) {
      guard let (name, value) = SweepAxis.halves(part) else { throw .noKey(key) }
      let axis = try SweepAxis(String(name), [String(value)], of: base)
      guard !settings.contains(where: { $0.name == axis.name }) else {
        throw .twice(name: axis.name, value: nil)
      }
      settings.append(Setting(name: axis.name, value: axis.values[0]))
    }
    self.settings = settings
  }

  /// What comes of this cell: a pure function of it, the base and what `replay` is a function of.
  ///
  /// A setup that cannot be, or a replay that fails, gives a row that says so.
  ///
  /// - Parameters:
  ///   - base: what the cell changes.
  ///   - price: the first market price.
  ///   - replay: from a setup to its figures.
  public func row(
    _ base: SweepBase, at price: Double,
    replay: (ReplaySetup) throws(ReplayError) -> ReplayFigures
  ) -> SweepRow {
    var draft = SweepDraft(base)
    do throws(SweepError) {
      for setting in settings {
        guard let parameter = SweepParameter.named(setting.name) else {
          throw .noSuchParameter(setting.name)
        }
        _ = try parameter.set(setting.value[...], in: &draft)
      }
    } catch {
      // cells are made of values that were read before
      return SweepRow(draft, error: error.description)
    }
    let setup: ReplaySetup
    do throws(PoolError) {
      setup = try draft.setup(base, at: price)
    } catch {
      return SweepRow(draft, error: error.description)
    }
    do throws(ReplayError) {
      return SweepRow(draft, try replay(setup))
    } catch {
      return SweepRow(draft, error: error.description)
    }
  }
}

/// All combinations of the values of some axes, in a fixed order: the last axis changes first.
public struct SweepGrid: Sendable, Hashable {
  /// What all cells begin with.
  public let base: SweepBase
  /// The axes; none for the base alone.
  public let axes: [SweepAxis]
  /// How many cells there are.
  public let count: Int

  /// A grid.
  ///
  /// - Throws: `SweepError` for an axis that is there twice, one that changes nothing, and for more cells than
  ///   `Domain.sweepCells`.
  public init(_ base: SweepBase, _ axes: [SweepAxis]) throws(SweepError) {
    var count = 1
    for (index, axis) in axes.enumerated() {
      guard !axes[..<index].contains(where: { $0.name == axis.name }) else {
        throw .twice(name: axis.name, value: nil)
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.values.count)
      count = overflow ? .max : product
    }
    guard Domain.sweepCells.contains(count) else {
      throw .tooManyCells(count, allowed: Domain.sweepCells)
    }
    self.base = base
    self.axes = axes
    self.count = count
    try checkEffects()
  }

  /// A cell by its place.
  ///
  /// - Parameter index: in `0..<count`.
  public func cell(_ index: Int) -> SweepCell {
    precondition((0..<count).contains(index), "a grid has no cell \(index)")
    return SweepCell(
      zip(axes, places(index)).map { .init(name: $0.name, value: $0.values[$1]) })
  }

  /// Which value of each axis a cell has, by their places.
  public func places(_ index: Int) -> [Int] {
    var (rest, places) = (index, [Int]())
    for axis in axes.reversed() {
      let (quotient, place) = rest.quotientAndRemainder(dividingBy: axis.values.count)
      places.append(place)
      rest = quotient
    }
    return places.reversed()
  }

  private func checkEffects() throws(SweepError) {
    let draft = SweepDraft(base)
    func has(_ name: String) -> Bool { axes.contains { $0.name == name } }
    let rules: [(name: String, works: Bool, needs: String)] = [
      ("settle-every", draft.markets != nil || has("markets"), "markets"),
      ("noise-size", draft.noiseVolume > 0 || has("noise-volume"), "noise-volume"),
      ("surge-half-life", draft.surgeBps > 0 || has("surge-bps"), "surge-bps"),
    ]
    for rule in rules where has(rule.name) && !rule.works {
      throw .noEffect(name: rule.name, needs: rule.needs)
    }
  }
}
