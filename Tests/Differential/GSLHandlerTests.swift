import CGSL
import DAMMKernel
import DAMMModel
import DAMMReference
import Foundation
import Testing

/// GSL's error handler belongs to the program that uses the package.
@Suite struct GSLHandlerTests {
  private typealias Handler =
    @convention(c) (
      UnsafePointer<CChar>?, UnsafePointer<CChar>?, CInt, CInt
    ) -> Void

  @Test func itIsLeftAsItWas() throws {
    let ours: Handler = { _, _, _, _ in }
    // under the lock, as other tests use GSL meanwhile
    let before = GSLHandler.turn.withLock { _ in gsl_set_error_handler(ours) }
    let shape = try CurveShape(relativeSigma: 0.01, tickWidthBps: 50)
    DispatchQueue.concurrentPerform(iterations: 16) { i in
      for _ in 0..<20 {
        if i % 2 == 0 {
          _ = try? TickTable(shape, method: .gsl)
        } else {
          _ = try? ReferenceTable<Double>(quadrature: shape)
        }
      }
    }
    let after = GSLHandler.turn.withLock { _ in gsl_set_error_handler(before) }
    #expect(unsafeBitCast(after, to: Int.self) == unsafeBitCast(ours, to: Int.self))
  }
}
