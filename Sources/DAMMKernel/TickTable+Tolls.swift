import CKernels

extension TickTable {
  /// What fees add to the block of a table: for either direction the sums of fees, and a table of its own
  /// whose prices and A are those of bids or asks. Masses, B and the guide of B are those of the curve itself,
  /// so that a trade moves the pool to the same place, to the bit, whatever it costs.
  struct Tolls {
    /// One direction.
    struct Way {
      let header: UnsafeMutablePointer<ck_table>
      /// As many as edges.
      let fees: UnsafeMutablePointer<ck_dd>
      let edges: UnsafeMutablePointer<ck_edge>
      /// That of A.
      let guide: UnsafeMutablePointer<UInt32>

      init(at start: UnsafeMutableRawPointer, _ count: Int) {
        let at = Offsets(count)
        header = start.bindMemory(to: ck_table.self, capacity: 1)
        fees = (start + at.fees).bindMemory(to: ck_dd.self, capacity: count + 2)
        let stored = TickTable.spareBefore + count + 2 + TickTable.spareBehind
        let spare = (start + at.edges).bindMemory(to: ck_edge.self, capacity: stored)
        spare.initialize(repeating: ck_edge(), count: TickTable.spareBefore)
        edges = spare + TickTable.spareBefore
        (edges + count + 2).initialize(repeating: ck_edge(), count: TickTable.spareBehind)
        guide = (start + at.guide).bindMemory(
          to: UInt32.self, capacity: Int(ck_guide_room(Int64(count))))
      }
    }

    /// Where the parts of a direction lie, each 64-byte aligned.
    private struct Offsets {
      let fees, edges, guide, end: Int

      init(_ count: Int) {
        func lines(_ bytes: Int) -> Int { (bytes + 63) / 64 * 64 }
        fees = lines(MemoryLayout<ck_table>.size)
        edges = fees + lines((count + 2) * MemoryLayout<ck_dd>.stride)
        let stored = TickTable.spareBefore + count + 2 + TickTable.spareBehind
        guide = edges + lines(stored * MemoryLayout<ck_edge>.stride)
        end = guide + lines(Int(ck_guide_room(Int64(count))) * MemoryLayout<UInt32>.stride)
      }
    }

    let selling: Way
    let buying: Way

    static func bytes(_ count: Int) -> Int { 2 * Offsets(count).end }

    init(at start: UnsafeMutableRawPointer, _ count: Int) {
      selling = Way(at: start, count)
      buying = Way(at: start + Offsets(count).end, count)
    }
  }
}

extension TickTable.Block {
  /// Fills what fees need, of a table whose masses, edges and guides are set.
  func addTolls(_ kernels: ck_kernels) {
    guard let tolls else { return }
    // the edges of one direction are room to work in until they are made
    kernels.accumulate_fees(
      header, mass, tolls.selling.edges, tolls.selling.fees, tolls.buying.fees)
    for (way, toll) in [(tolls.selling, Int32(-1)), (tolls.buying, 1)] {
      var table = header.pointee
      table.toll = toll
      table.edges = UnsafePointer(way.edges)
      way.header.initialize(to: table)
      _ = kernels.accumulate(way.header, mass, way.edges)
      // the guide of B comes out as it is
      kernels.guides(way.header, guides, way.guide)
    }
  }
}
