import DAMMKernel
import DAMMModel
import Testing

/// Where a table lies in memory.
@Suite struct MemoryTests {
  @Test func oneAlignedBlock() throws {
    for s in [0.0007, 0.01, 0.0333] {
      let table = try TickTable(CurveShape(relativeSigma: s))
      let starts = table.layout.map { UInt(bitPattern: $0) }
      #expect(starts.allSatisfy { $0 % 64 == 0 })
      // masses, then edges of 32 bytes, then the guides of B and of A, one behind the other
      #expect(starts.count == 4 && starts == starts.sorted())
      #expect(starts[1] - starts[0] < UInt(8 * table.count + 64 + 64))
      #expect(starts[2] - starts[1] < UInt(32 * (table.count + 5) + 64))
      #expect(starts[3] - starts[2] < UInt(4 * (2 * table.count + 12) + 64))
    }
  }

  /// With fees, behind that for either direction: a header, sums of 16 bytes, edges, the guide of A.
  @Test func feesLieBehind() throws {
    for s in [0.0007, 0.01, 0.0333] {
      let table = try TickTable(CurveShape(relativeSigma: s), fees: FeeSchedule(baseBps: 5))
      let starts = table.layout.map { UInt(bitPattern: $0) }
      #expect(starts.allSatisfy { $0 % 64 == 0 })
      #expect(starts.count == 12 && starts == starts.sorted())
      for first in [4, 8] {
        #expect(starts[first + 2] - starts[first + 1] < UInt(16 * (table.count + 2) + 3 * 64))
        #expect(starts[first + 3] - starts[first + 2] < UInt(32 * (table.count + 5) + 64))
      }
    }
  }
}
