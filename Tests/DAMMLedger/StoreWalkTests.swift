import DAMMLedger
import LedgerSupport
import Testing
import TestSupport

extension LedgerTests {
  /// Random transactions against a dictionary and an array.
  @Suite struct StoreWalkTests {
    private struct Undone: Error {}

    @Test(arguments: StoreKind.allCases) func aStoreIsADictionaryAndAList(_ kind: StoreKind) throws
    {
      var random = SplitMix64(seed: RandomCurves.seed("aStoreIsADictionaryAndAList", 11))
      try kind.with { place, _ in
        var store = try place.open()
        var (values, rows): ([String: String], [LogRow]) = ([:], [])
        var (undone, refused) = (0, 0)
        for step in 0..<RandomCurves.runs(60) {
          var (newValues, newRows) = (values, rows)
          do {
            try store.transaction { ledger in
              (newValues, newRows) = (values, rows)
              for _ in 0..<Int.random(in: 0...8, using: &random) {
                let key = "k\(Int.random(in: 0..<12, using: &random))"
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                  try ledger.remove(key)
                  newValues[key] = nil
                case 1:
                  let number = newRows.count + 1 + (random.oneIn(6) ? 1 : 0)
                  let sequence = Int.random(in: 1...200, using: &random)
                  let row = StoreTests.row(number, random.oneIn(3) ? nil : key, sequence)
                  let fits =
                    number == newRows.count + 1
                    && !newRows.contains { $0.settlement != nil && $0.settlement == row.settlement }
                  do throws(StorageError) {
                    try ledger.append(row)
                    #expect(fits, "\(row)")
                    newRows.append(row)
                  } catch {
                    guard case .rowRefused = error else { throw error }
                    #expect(!fits, "\(row)")
                    refused += 1
                  }
                default:
                  let value = "\(random.next())"
                  try ledger.set(value, for: key)
                  newValues[key] = value
                }
                #expect(try ledger.value(of: key) == newValues[key])
              }
              if random.oneIn(4) { throw Undone() }
            }
            (values, rows) = (newValues, newRows)
          } catch is Undone { undone += 1 }
          if random.oneIn(20) { store = try place.open(create: false) }
          try store.read { ledger in
            let keys = try ledger.keys(withPrefix: "k")
            #expect(keys == values.keys.sorted(), "step \(step)")
            for key in keys { #expect(try ledger.value(of: key) == values[key]) }
            #expect(try ledger.rows(after: 0, limit: .max) == rows, "step \(step)")
          }
        }
        #expect(undone > 0 && refused > 0 && rows.count > 20)
      }
    }
  }
}
