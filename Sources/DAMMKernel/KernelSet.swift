import CKernels

/// The C kernels of one instruction set. All sets give the same bits; `best` is what this process
/// uses, the widest that the processor has unless `DAMM_KERNEL` names another
/// (`scalar`, `avx2`, `avx512`, `neon`). A name that does not exist or cannot run here is ignored; `damm
/// accuracy` prints the set in use.
public struct KernelSet: Sendable {
  // A constant table of functions: safe to share.
  nonisolated(unsafe) let c: UnsafePointer<ck_kernels>

  /// The name of the instruction set.
  public var name: String { String(cString: c.pointee.name) }

  /// The set that this process uses.
  public static let best = KernelSet(c: ck_kernels_best())

  /// The sets that can run on this processor.
  public static let available: [KernelSet] = ["scalar", "neon", "avx2", "avx512"].compactMap(named)

  private static func named(_ name: String) -> KernelSet? {
    ck_kernels_named(name).map { KernelSet(c: $0) }
  }
}
