import DAMMModel
import DAMMOracle
import DAMMReference
import SwiftCSV
import Testing
import TestSupport

/// Implied deviations against 50-digit values, and premiums that imply none.
@Suite struct GoldenVolatilityTests {
  private struct Row {
    let kind: OptionContract.Kind
    let model: OptionContract.Model
    let quotation: OptionContract.Quotation
    let forward, strike, premium: Double
    let deviation: Wide?
    let condition: Double?
    /// Why it is to be refused, empty if it is not.
    let reason: String

    init(_ row: [String: String]) throws {
      kind = try #require(.init(rawValue: row["type"]!))
      model = try #require(.init(rawValue: row["model"]!))
      quotation = try #require(.init(rawValue: row["quotation"]!))
      (forward, strike) = (try double(row["forward"]!), try double(row["strike"]!))
      premium = try double(row["premium"]!)
      deviation = row["deviation"]!.isEmpty ? nil : try exact(row["deviation"]!)
      condition = row["condition"]!.isEmpty ? nil : try double(row["condition"]!)
      reason = row["reason"]!
    }

    /// Some rows try amounts from 1e-200 to 1e200.
    var isInDomain: Bool {
      let forwards = model == .black || quotation == .coin ? Domain.price : Domain.optionPrice
      let strikes = model == .black ? Domain.price : Domain.optionPrice
      return forwards.contains(forward) && strikes.contains(strike)
    }

    func implied() -> Result<ImpliedDeviation, PremiumError> {
      Result { () throws(PremiumError) in
        let contract: OptionContract
        do throws(DAMMError) {
          contract = try OptionContract(kind, forward: forward, strike: strike)
        } catch {
          throw .outOfRange(error)
        }
        return try contract.implied(premium: premium, model: model, quotation: quotation)
      }
    }
  }

  private static func rows() throws -> [Row] {
    try CSV<Named>(
      url: Files.golden.appending(path: "volatility.csv"), delimiter: .comma, loadColumns: false
    ).rows.map(Row.init)
  }

  @Test func deviations() throws {
    var worst: [String: Double] = [:]
    var answered = 0
    for row in try Self.rows() where row.reason.isEmpty || row.reason == "beyond" {
      guard row.isInDomain else {
        guard case .failure(.outOfRange) = row.implied() else {
          Issue.record("outside the domain, but answered: \(row)")
          continue
        }
        continue
      }
      let implied = try row.implied().get()
      let (deviation, condition) = (try #require(row.deviation), try #require(row.condition))
      let error = relativeError(implied.deviation, deviation) / max(1, condition)
      #expect(error <= Tolerance.impliedDeviation.relative, "\(row): \(implied)")
      #expect(
        abs(implied.condition / condition - 1) <= Tolerance.impliedCondition.relative,
        "\(row): \(implied)")
      let name = "\(row.model) \(row.quotation)"
      worst[name] = max(worst[name, default: 0], error * 0x1p53)
      answered += 1
    }
    print("golden: \(answered) deviations, worst error in units of 2^-53: \(worst)")
    #expect(answered > 2_800)
  }

  @Test func refusals() throws {
    var refused: [String: Int] = [:]
    for row in try Self.rows()
    where !row.reason.isEmpty && row.reason != "beyond" && row.isInDomain {
      let expected: String
      switch row.reason {
      case "belowIntrinsic": expected = "below intrinsic"
      case "atIntrinsic": expected = "at intrinsic"
      case "atMaximum": expected = "at maximum"
      case "aboveMaximum": expected = "above maximum"
      // a premium with lost digits is a kind of no information
      default: expected = "no information"
      }
      switch row.implied() {
      case .success(let implied): Issue.record("\(row): \(implied)")
      case .failure(let error): #expect(error.reason == expected, "\(row): \(error)")
      }
      refused[row.reason, default: 0] += 1
    }
    print("golden: refused \(refused.sorted { $0.key < $1.key })")
    #expect(refused.count == 6 && refused.values.allSatisfy { $0 >= 10 })
  }

  /// The premium at the exact deviation, to which that of its nearest Double is led back.
  @Test func premiums() throws {
    var worst = 0.0
    var samples = 0
    for row in try Self.rows() where row.reason.isEmpty && row.isInDomain {
      let contract = try OptionContract(row.kind, forward: row.forward, strike: row.strike)
      let (exact, condition) = (try #require(row.deviation), try #require(row.condition))
      let deviation = exact.double
      guard row.model == .black || Domain.normalDeviation.contains(deviation) else { continue }
      let premium = try contract.premium(
        deviation: deviation, model: row.model, quotation: row.quotation)
      let moved = ((Wide(deviation) - exact) / exact).double / condition
      let error = abs(((Wide(premium) - Wide(row.premium)) / Wide(row.premium)).double - moved)
      let allowed = Tolerance.premium.relative * max(1, 1 / condition)
      #expect(error <= allowed, "\(row): \(premium)")
      worst = max(worst, error / allowed * 8)
      samples += 1
    }
    print("golden: \(samples) premiums, worst error in units of 2^-53: \(worst)")
    #expect(samples > 2_800)
  }

  /// Batches, and single calls on every instruction set, give the same bits.
  @Test func batches() throws {
    let rows = try Self.rows().filter { $0.isInDomain && $0.premium.isFinite }
    var compared = 0
    for model in OptionContract.Model.allCases {
      for quotation in OptionContract.Quotation.allCases {
        for kind in OptionContract.Kind.allCases {
          let some = rows.filter {
            $0.model == model && $0.quotation == quotation && $0.kind == kind
              && Domain.premium.contains($0.premium)
          }
          let (forwards, strikes) = (some.map(\.forward), some.map(\.strike))
          let premiums = some.map(\.premium)
          var deviations = [Double](repeating: .nan, count: some.count)
          var conditions = deviations
          var into = deviations.mutableSpan
          var conditionsInto = conditions.mutableSpan
          try OptionContract.implied(
            kind, model: model, quotation: quotation, forwards: forwards.span,
            strikes: strikes.span, premiums: premiums.span, deviations: &into,
            conditions: &conditionsInto)
          for (row, deviation) in zip(some, deviations) {
            let single = try? row.implied().get().deviation
            #expect((single ?? 0).bitPattern == deviation.bitPattern, "\(row)")
            compared += 1
          }
        }
      }
    }
    #expect(compared > 3_000)
  }
}
