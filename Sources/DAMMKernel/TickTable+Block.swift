import CKernels

extension TickTable {
  /// Edges to spare on both sides: a look-up that leads nowhere may read there.
  static let (spareBefore, spareBehind) = (2, 3)

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
    /// What fees need, if there are any.
    let tolls: Tolls?

    /// Memory for so many ticks from `lowest` on; the header is filled but for what follows from masses.
    init(lowest: Int, count: Int, bps: Double, terms: ck_fee_terms, kernels: KernelSet) {
      func lines(_ bytes: Int) -> Int { (bytes + 63) / 64 * 64 }
      let massAt = lines(MemoryLayout<ck_table>.size)
      let edgesAt = massAt + lines(count * MemoryLayout<Double>.stride)
      let (before, behind) = (spareBefore, spareBehind)
      let guidesAt =
        edgesAt + lines((before + count + 2 + behind) * MemoryLayout<ck_edge>.stride)
      let guide = Int(ck_guide_room(Int64(count)))
      let guided = guidesAt + 2 * guide * MemoryLayout<UInt32>.stride
      let tollsAt = lines(guided)
      start = .allocate(
        byteCount: terms.takes ? tollsAt + Tolls.bytes(count) : guided, alignment: 64)
      header = start.bindMemory(to: ck_table.self, capacity: 1)
      mass = (start + massAt).bindMemory(to: Double.self, capacity: count)
      let spare = (start + edgesAt).bindMemory(
        to: ck_edge.self, capacity: before + count + 2 + behind)
      edges = spare + before
      guides = (start + guidesAt).bindMemory(to: UInt32.self, capacity: 2 * guide)
      tolls = terms.takes ? Tolls(at: start + tollsAt, count) : nil
      spare.initialize(repeating: ck_edge(), count: before)
      (edges + count + 2).initialize(repeating: ck_edge(), count: behind)
      var table = ck_table()
      table.grid = ck_grid(lowest: Int64(lowest), count: Int64(count), bps: bps)
      // Fold at the oracle price: the tails lie on either side of it.
      table.fold = Int64(min(max(-lowest, 0), count))
      table.plain_prices = ck_plain_prices(table.grid)
      table.kernels = kernels.c
      table.edges = UnsafePointer(edges)
      table.way = (UnsafePointer(header), UnsafePointer(header))
      if let tolls {
        table.terms = terms
        table.fee = (UnsafePointer(tolls.selling.fees), UnsafePointer(tolls.buying.fees))
        table.way = (UnsafePointer(tolls.selling.header), UnsafePointer(tolls.buying.header))
      }
      header.initialize(to: table)
    }

    func copy(_ masses: [Double]) { mass.update(from: masses, count: masses.count) }
  }
}
