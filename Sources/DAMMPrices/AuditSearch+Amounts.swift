import CGSL
import DAMMModel

extension AuditSearch {
  /// At most so many amounts are moved at once: a simplex in more dimensions is slow.
  private static var mostAmounts: Int { 6 }

  /// The amounts of a sequence moved to where it is best, by the simplex of Nelder and Mead on their places;
  /// its structure stays. Stops behind the first gain where the player does.
  mutating func refine(
    _ start: AuditCandidate, from score: Double
  ) -> (candidate: AuditCandidate, score: Double) {
    let places = start.places
    guard (1...Self.mostAmounts).contains(places.count), !isOver,
      let minimiser = Minimiser(dimensions: places.count)
    else { return (start, score) }
    var (best, value) = (start, score)
    minimiser.minimise(from: places, step: 0.05, iterations: 30 * places.count) { places in
      let moved = start.moving(to: places)
      let score = self.score(moved)
      if score > value { (best, value) = (moved, score) }
      let found = player.stopsAtGain && player.loop != nil
      if found { (best, value) = (moved, score) }
      return found || isOver ? nil : -score
    }
    return (best, value)
  }
}

extension AuditCandidate {
  /// The places of all amounts that have one.
  fileprivate var places: [Double] {
    genes.flatMap { gene -> [Double] in
      guard case .act(_, let first, let second) = gene else { return [] }
      return [first, second].compactMap { if case .place(let place) = $0 { place } else { nil } }
    }
  }

  /// The same with other places, in order.
  fileprivate func moving(to places: [Double]) -> AuditCandidate {
    var next = places.makeIterator()
    func moved(_ size: AuditSize) -> AuditSize {
      guard case .place = size, let place = next.next() else { return size }
      return .place(min(1, max(0, place)))
    }
    var result = self
    for index in genes.indices {
      guard case .act(let action, let first, let second) = genes[index] else { continue }
      let one = moved(first)
      result.genes[index] = .act(action, one, moved(second))
    }
    return result
  }
}

/// The simplex of Nelder and Mead, GSL's `nmsimplex2`. The function may not give what is not finite, so that
/// GSL has no errors to report.
private final class Minimiser {
  private let minimiser: UnsafeMutablePointer<gsl_multimin_fminimizer>
  private let start, steps: UnsafeMutablePointer<gsl_vector>
  private let dimensions: Int

  /// `nil` if there is no memory.
  init?(dimensions: Int) {
    let made = GSLHandler.turn.withLock { _ in
      let before = gsl_set_error_handler_off()
      defer { gsl_set_error_handler(before) }
      // as numbers, which may leave the lock
      return (
        UInt(bitPattern: gsl_multimin_fminimizer_alloc(cgsl_nmsimplex2(), dimensions)),
        UInt(bitPattern: gsl_vector_alloc(dimensions)),
        UInt(bitPattern: gsl_vector_alloc(dimensions))
      )
    }
    guard let minimiser = UnsafeMutablePointer<gsl_multimin_fminimizer>(bitPattern: made.0),
      let start = UnsafeMutablePointer<gsl_vector>(bitPattern: made.1),
      let steps = UnsafeMutablePointer<gsl_vector>(bitPattern: made.2)
    else { return nil }
    (self.minimiser, self.start, self.steps, self.dimensions) = (
      minimiser, start, steps, dimensions
    )
  }

  deinit {
    gsl_multimin_fminimizer_free(minimiser)
    gsl_vector_free(start)
    gsl_vector_free(steps)
  }

  /// Moves from a start towards a minimum; ends early where the function is `nil`.
  func minimise(
    from places: [Double], step: Double, iterations: Int, _ function: ([Double]) -> Double?
  ) {
    for (index, place) in places.enumerated() {
      gsl_vector_set(start, index, place)
      gsl_vector_set(steps, index, place > 0.9 ? -step : step)
    }
    withoutActuallyEscaping(function) { function in
      let box = Box(function, dimensions)
      var objective = gsl_multimin_function(
        f: { vector, box in
          Unmanaged<Box>.fromOpaque(box!).takeUnretainedValue().value(vector!)
        }, n: dimensions, params: Unmanaged.passUnretained(box).toOpaque())
      withExtendedLifetime(box) {
        gsl_multimin_fminimizer_set(minimiser, &objective, start, steps)
        for _ in 0..<iterations where !box.isOver {
          gsl_multimin_fminimizer_iterate(minimiser)
          if gsl_multimin_fminimizer_size(minimiser) < 1e-9 { break }
        }
      }
    }
  }

  /// The function, and whether it has ended the search.
  private final class Box {
    private let function: ([Double]) -> Double?
    private var places: [Double]
    private(set) var isOver = false

    init(_ function: @escaping ([Double]) -> Double?, _ dimensions: Int) {
      self.function = function
      places = Array(repeating: 0, count: dimensions)
    }

    func value(_ vector: UnsafePointer<gsl_vector>) -> Double {
      guard !isOver else { return 1 }
      for index in places.indices { places[index] = gsl_vector_get(vector, index) }
      guard let value = function(places), value.isFinite else {
        isOver = true
        return 1
      }
      return value
    }
  }
}
