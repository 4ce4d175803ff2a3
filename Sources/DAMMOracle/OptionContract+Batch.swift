import CKernels
import DAMMModel

extension OptionContract {
  /// The total deviations that many premiums of one kind of option imply: the numbers of `implied`, bit for
  /// bit, eight at a time.
  ///
  /// - Parameters:
  ///   - kind: calls or puts.
  ///   - model: Black's or the normal one.
  ///   - quotation: cash or coin.
  ///   - forwards: in `Domain.price` in Black's model, in `Domain.optionPrice` in the normal one.
  ///   - strikes: as many, likewise.
  ///   - premiums: as many, undiscounted, in the units of `quotation`.
  ///   - deviations: as many elements; gets the total deviation, and 0 where the premium implies none.
  ///     `implied(premium:)` of that one says why.
  ///   - conditions: as many elements; gets `d ln(deviation) / d ln(premium)`.
  /// - Throws: `PremiumError.outOfRange` for a number outside its domain; nothing is written then.
  public static func implied(
    _ kind: Kind, model: Model = .black, quotation: Quotation = .cash, forwards: Span<Double>,
    strikes: Span<Double>, premiums: Span<Double>, deviations: inout MutableSpan<Double>,
    conditions: inout MutableSpan<Double>
  ) throws(PremiumError) {
    let count = forwards.count
    precondition(
      strikes.count == count && premiums.count == count && deviations.count == count
        && conditions.count == count, "all arrays have one length")
    for i in 0..<count {
      let contract: OptionContract
      do { contract = try OptionContract(kind, forward: forwards[i], strike: strikes[i]) } catch {
        throw .outOfRange(error)
      }
      try contract.check(model, quotation)
      try check(premiums[i], "premium", in: Domain.premium)
    }
    let terms = ck_option_terms(kind, model, quotation)
    forwards.withUnsafeBufferPointer { forwards in
      strikes.withUnsafeBufferPointer { strikes in
        premiums.withUnsafeBufferPointer { premiums in
          deviations.withUnsafeMutableBufferPointer { deviations in
            conditions.withUnsafeMutableBufferPointer { conditions in
              volatilityKernels.pointee.implied_many(
                terms, Int64(count), forwards.baseAddress, strikes.baseAddress,
                premiums.baseAddress, deviations.baseAddress, conditions.baseAddress)
            }
          }
        }
      }
    }
  }
}

extension ck_option_terms {
  init(
    _ kind: OptionContract.Kind, _ model: OptionContract.Model,
    _ quotation: OptionContract.Quotation
  ) {
    self.init(
      put: kind == .put ? 1 : 0, normal: model == .normal ? 1 : 0,
      coin: quotation == .coin ? 1 : 0)
  }
}

/// The kernels that this process uses, chosen once.
nonisolated(unsafe) let volatilityKernels: UnsafePointer<ck_kernels> = ck_kernels_best()
