import CMachine
import DAMM

/// Calls of malloc by what must not call it.
enum Allocations {
  struct Count: Encodable {
    let name: String
    let calls: Double
    /// `nil` for the count that shows that the counter counts.
    let target: Double?
  }

  /// - Throws: `Proof.Wrong` if a table build is not seen to allocate. Empty where malloc cannot be
  ///   counted.
  static func count(_ market: Market, using random: inout Random) throws -> [Count] {
    guard machine_allocations() >= 0 else { return [] }
    let sizes = Sizes.uniform(whole: market.whole.b, using: &random)
    let (desk, curve, n) = (Desk(sizes), market.curve, 1_000)
    let (quote, swap) = (desk.singly(curve, .buy, .amount), desk.swaps(curve, .buy, .amount))
    let batch = desk.batch(curve, .buy, .amount)
    let allFields = desk.batchOfAllFields(curve, .buy, .amount)
    var pool = curve
    let ledger = try LedgerRows.swaps(market, n, using: &random)
    let works: [(String, () -> Void)] = [
      ("\(grouped(n)) swaps of a pool in lots, with fees", ledger),
      ("\(grouped(n)) quotes", { quote(0..<n) }),
      ("\(grouped(n)) swaps", { swap(0..<n) }),
      ("a batch of \(grouped(n)) quotes", { batch(0..<n) }),
      ("a batch of \(grouped(n)) quotes, all fields", { allFields(0..<n) }),
      (
        "\(grouped(n)) reforms",
        {
          for i in 0..<n {
            try! pool.reform(oraclePrice: 3000 + sizes[i], reserves: market.reserves)
          }
        }
      ),
    ]
    var counts = works.map { name, work -> Count in
      work()  // what is made once is not of the operation
      let before = machine_allocations()
      work()
      return Count(name: name, calls: Double(machine_allocations() - before), target: 0)
    }
    let before = machine_allocations()
    let table = try TickTable(market.shape)
    let calls = machine_allocations() - before
    machine_keep(Unmanaged.passUnretained(table).toOpaque())
    guard calls > 0 else {
      throw Proof.Wrong(description: "a table build allocates, but the counter counts nothing")
    }
    counts.append(
      Count(
        name: "a table build, which shows that they are counted", calls: Double(calls), target: nil)
    )
    return counts
  }
}
