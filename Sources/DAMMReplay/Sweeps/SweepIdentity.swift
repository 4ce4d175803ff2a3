import Foundation

/// What decides every row of a sweep: the program, the inputs, the base and the grid.
public struct SweepIdentity: Sendable, Hashable {
  /// Version of the program.
  public let version: String
  /// Fingerprint of the inputs.
  public let inputs: String
  /// The grid and its base.
  public let grid: SweepGrid

  /// An identity.
  public init(version: String, inputs: String, grid: SweepGrid) {
    self.version = version
    self.inputs = inputs
    self.grid = grid
  }

  /// Fingerprint of the base and the columns: two programs of one version that agree in it make the same of a key.
  public var setup: String { Self.hash([Self.text(grid.base), SweepRow.csvHeader]) }

  /// How the first line of a store begins.
  static let mark = "{\"damm-sweep\":1,"

  /// The first line of a store.
  var line: String { Self.mark + "\"sweep\":" + Self.text(Stored(self)) + "}" }

  /// Throws unless a first line tells the same.
  func check(_ line: Data, file: String) throws(SweepError) {
    let decoder = JSONDecoder()
    guard line.starts(with: Self.mark.utf8) else {
      throw .notAStore(file: file, line: 1, reason: "it begins otherwise")
    }
    guard let found = try? decoder.decode(Version.self, from: line).sweep.version else {
      throw .notAStore(file: file, line: 1, reason: "it is damaged")
    }
    guard found == version else {
      throw .otherSweep(
        file: file, differences: ["it was made by version \(found), and this is \(version)"])
    }
    guard let stored = try? decoder.decode(Line.self, from: line).sweep else {
      throw .notAStore(file: file, line: 1, reason: "it is damaged")
    }
    let differences = stored.differences(from: self)
    guard differences.isEmpty else { throw .otherSweep(file: file, differences: differences) }
  }

  private struct Version: Decodable {
    struct Sweep: Decodable { let version: String }
    let sweep: Sweep
  }

  private struct Line: Decodable { let sweep: Stored }

  private static func text(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("a base of checked numbers can be written")
    }
    return String(decoding: data, as: UTF8.self)
  }

  private static func hash(_ texts: [String]) -> String {
    var hash = SHA256()
    for text in texts {
      // with its length, a byte a word: no two lists are one message
      hash.take(UInt64(text.utf8.count))
      for byte in text.utf8 { hash.take(UInt64(byte)) }
    }
    return hash.digest()
  }
}

/// An identity as the first line of a store has it.
private struct Stored: Codable {
  let version: String
  let inputs: String
  let base: SweepBase
  let axes: [SweepAxis]
  let columns: [String]

  init(_ identity: SweepIdentity) {
    version = identity.version
    inputs = identity.inputs
    base = identity.grid.base
    axes = identity.grid.axes
    columns = SweepColumn.all.map(\.name)
  }

  /// What differs, each in a few words.
  func differences(from asked: SweepIdentity) -> [String] {
    var found: [String] = []
    if inputs != asked.inputs { found.append("its inputs have other numbers") }
    found += baseDifferences(asked.grid.base)
    let (names, wanted) = (axes.map(\.name), asked.grid.axes.map(\.name))
    if names != wanted {
      found.append("its grid is over \(list(names)), and over \(list(wanted)) was asked")
    } else {
      for (has, wants) in zip(axes, asked.grid.axes) where has != wants {
        found.append(
          "its \(has.name) is \(has.values.joined(separator: ",")), and "
            + "\(wants.values.joined(separator: ",")) was asked")
      }
    }
    if columns != SweepColumn.all.map(\.name) { found.append("it has other columns") }
    return found
  }

  private func list(_ names: [String]) -> String {
    names.isEmpty ? "nothing" : names.joined(separator: " and ")
  }

  private func baseDifferences(_ asked: SweepBase) -> [String] {
    guard base != asked else { return [] }
    let (has, wants) = (SweepDraft(base), SweepDraft(asked))
    var found: [String] = SweepParameter.all.compactMap { parameter in
      let (old, new) = (parameter.value(has), parameter.value(wants))
      guard old != new else { return nil }
      return "its base has \(parameter.name) \(old.word), and \(new.word) was asked"
    }
    if base.setup.agents.providers != asked.setup.agents.providers {
      found.append("its base has other providers")
    }
    if base.markets.limits != asked.markets.limits {
      found.append("its base has other limits of health")
    }
    return found.isEmpty ? ["its base has other lots"] : found
  }
}
