/// Makes a failing sequence short: delta debugging, then smaller steps.
package enum Shrinker {
  /// A short sequence that still fails. No step of it can be left out alone, and none of the smaller steps
  /// that `simpler` knows fails in its place, unless `tries` ran out.
  ///
  /// - Parameters:
  ///   - steps: a sequence that fails.
  ///   - tries: how often `fails` may be asked.
  ///   - simpler: what may stand in the place of a step, the simplest first; none of it as large as the step.
  ///   - fails: whether a sequence still fails in the same way.
  package static func shortest<Step>(
    _ steps: [Step], tries: Int = 4000, simpler: (Step) -> [Step] = { _ in [] },
    fails: ([Step]) -> Bool
  ) -> [Step] {
    var best = steps
    var left = tries
    func stillFails(_ steps: [Step]) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      return fails(steps)
    }
    /// Leaves out pieces, halves first and single steps last.
    func leaveOut() -> Bool {
      var size = max(1, best.count / 2)
      var shorter = false
      while true {
        var start = 0
        while start < best.count {
          var tried = best
          tried.removeSubrange(start..<min(best.count, start + size))
          if stillFails(tried) {
            best = tried
            shorter = true
          } else {
            start += size
          }
        }
        if size == 1 { return shorter }
        size = max(1, size / 2)
      }
    }
    func simplify() -> Bool {
      var changed = false
      for place in best.indices {
        var again = true
        while again {
          again = false
          for candidate in simpler(best[place]) {
            var tried = best
            tried[place] = candidate
            if stillFails(tried) {
              best = tried
              again = true
              changed = true
              break
            }
          }
        }
      }
      return changed
    }
    while leaveOut() {}
    while simplify() { while leaveOut() {} }
    return best
  }
}
