import CKernels

extension TickTable {
  /// The one block of memory of a table, 64-byte aligned: a header, masses, stored edges, guides.
  struct Block {
    let start: UnsafeMutableRawPointer
    let header: UnsafeMutablePointer<ck_table>
    /// As many as there are ticks.
    let mass: UnsafeMutablePointer<Double>
    /// Two more than ticks: one more edge, and the fold edge a second time.
    let edges: UnsafeMutablePointer<ck_edge>
    /// That of B, then that of A.
    let guides: UnsafeMutablePointer<UInt32>
    /// Fees of sales and of purchases, as many as edges, if there are any.
    let fees: (selling: UnsafeMutablePointer<ck_dd>, buying: UnsafeMutablePointer<ck_dd>)?

    /// Memory for so many ticks from `lowest` on; the header is filled but for what follows from masses.
    init(lowest: Int, count: Int, bps: Double, terms: ck_fee_terms, kernels: KernelSet) {
      func lines(_ bytes: Int) -> Int { (bytes + 63) / 64 * 64 }
      let massAt = lines(MemoryLayout<ck_table>.size)
      let edgesAt = massAt + lines(count * MemoryLayout<Double>.stride)
      // Edges to spare on both sides: a look-up that leads nowhere may read there.
      let (before, behind) = (2, 3)
      let guidesAt =
        edgesAt + lines((before + count + 2 + behind) * MemoryLayout<ck_edge>.stride)
      let guide = Int(ck_guide_room(Int64(count)))
      let guided = guidesAt + 2 * guide * MemoryLayout<UInt32>.stride
      let feesAt = lines(guided)
      let fee = lines((count + 2) * MemoryLayout<ck_dd>.stride)
      start = .allocate(
        byteCount: terms.takes ? feesAt + 2 * fee : guided, alignment: 64)
      header = start.bindMemory(to: ck_table.self, capacity: 1)
      mass = (start + massAt).bindMemory(to: Double.self, capacity: count)
      let spare = (start + edgesAt).bindMemory(
        to: ck_edge.self, capacity: before + count + 2 + behind)
      edges = spare + before
      guides = (start + guidesAt).bindMemory(to: UInt32.self, capacity: 2 * guide)
      fees =
        terms.takes
        ? (
          (start + feesAt).bindMemory(to: ck_dd.self, capacity: count + 2),
          (start + feesAt + fee).bindMemory(to: ck_dd.self, capacity: count + 2)
        ) : nil
      spare.initialize(repeating: ck_edge(), count: before)
      (edges + count + 2).initialize(repeating: ck_edge(), count: behind)
      var table = ck_table()
      table.grid = ck_grid(lowest: Int64(lowest), count: Int64(count), bps: bps)
      // Fold at the oracle price: the tails lie on either side of it.
      table.fold = Int64(min(max(-lowest, 0), count))
      table.plain_prices = ck_plain_prices(table.grid)
      table.kernels = kernels.c
      table.edges = UnsafePointer(edges)
      if let fees {
        table.terms = terms
        table.fee = (UnsafePointer(fees.selling), UnsafePointer(fees.buying))
      }
      header.initialize(to: table)
    }

    func copy(_ masses: [Double]) { mass.update(from: masses, count: masses.count) }
  }
}
