import DAMMModel

/// A trade that can bring holdings of a token back to what they were.
struct AuditTrade {
  let action: Int
  /// It takes A out and brings B in; the other way round if not.
  let lowersA: Bool
  /// The token whose amount is the one that it is told; `nil` where it is told something else.
  let fixed: Token?
  let grain: Double

  func lowers(_ token: Token) -> Bool { (token == .a) == lowersA }

  /// The amount with which holdings of a token end at a target or, where they cannot, below it: what is
  /// missing where the trade fixes that token, or else searched by halving.
  func amount<Subject: Auditable>(
    bringing token: Token, to target: Double, _ state: Subject, counting performed: inout Int
  ) -> Double? {
    /// What is held beyond the target behind the trade; `nil` where it is refused.
    func excess(_ amount: Double) -> Double? {
      performed += 1
      var copy = state
      guard (try? copy.perform(action, AuditAmounts(amount))) != nil else { return nil }
      return copy.holdings[token] - target
    }
    let now = state.holdings[token]
    func whole(_ amount: Double, _ rule: FloatingPointRoundingRule) -> Double {
      grain > 0 ? (amount / grain).rounded(rule) * grain : amount
    }
    if token == fixed {
      let missing = whole((now - target).magnitude, lowers(token) ? .up : .down)
      guard missing > 0 else { return nil }
      guard grain == 0, let above = excess(missing), above > 0 else {
        return missing
      }
      // rounding left more than there was
      let more = above + target.ulp
      return lowers(token) ? missing + more : missing > more ? missing - more : nil
    }
    guard let range = state.range(ofAmount: 0, of: action) else { return nil }
    // holdings fall with the amount, or rise with it: the two ends between which they pass the target
    var (low, high) = (0.0, 1.0)
    for _ in 0..<64 where high > low {
      let middle = (low + high) / 2
      let amount = whole(range.number(at: middle), .down)
      guard amount > 0 else { return nil }
      // what is refused is too much
      let enough = excess(amount).map { lowers(token) ? $0 <= 0 : $0 > 0 }
      if enough ?? true { high = middle } else { low = middle }
    }
    let amount = whole(range.number(at: lowers(token) ? high : low), .down)
    return amount > 0 ? amount : nil
  }
}
