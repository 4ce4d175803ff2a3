import DAMMKernel
import DAMMModel
import Testing

/// Where a table lies in memory.
@Suite struct MemoryTests {
  @Test func oneAlignedBlock() throws {
    for s in [0.0007, 0.01, 0.0333] {
      let table = try TickTable(CurveShape(relativeSigma: s))
      let aligned = table.withArrays { arrays in
        arrays.allSatisfy { UInt(bitPattern: $0.baseAddress) % 64 == 0 }
      }
      #expect(aligned)
      // masses, then the high and low parts of B and of A, one behind the other
      let starts = table.withArrays { arrays in arrays.map { UInt(bitPattern: $0.baseAddress) } }
      #expect(starts.count == 5 && starts == starts.sorted())
      #expect(starts[4] - starts[0] == 4 * (starts[1] - starts[0]))
    }
  }
}
