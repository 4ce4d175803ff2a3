import DAMMModel

extension AuditedPool.Kind {
  /// How the auditor names it.
  var action: AuditAction {
    func lots(_ name: String) -> AuditAction.Amount {
      AuditAction.Amount("lots of \(name)", grain: 1)
    }
    let shares = AuditAction.Amount("shares", grain: 1)
    let seconds = AuditAction.Amount("seconds", grain: 1, isExtensive: false)
    let price = AuditAction.Amount("A per B", isExtensive: false)
    switch self {
    case .buyB: return AuditAction("buy, exact out", .trade, lots("B"))
    case .buyA: return AuditAction("buy, exact in", .trade, lots("A"))
    case .sellB: return AuditAction("sell, exact in", .trade, lots("B"))
    case .sellA: return AuditAction("sell, exact out", .trade, lots("A"))
    case .buyTo: return AuditAction("buy to a price", .trade, price)
    case .sellTo: return AuditAction("sell to a price", .trade, price)
    case .add: return AuditAction("add", .deposit, shares)
    case .addA: return AuditAction("add A alone", .deposit, lots("A"))
    case .addB: return AuditAction("add B alone", .deposit, lots("B"))
    case .lock: return AuditAction("add with a lock", .deposit, shares, seconds)
    case .remove: return AuditAction("remove", .withdrawal, shares)
    case .leaveEarly: return AuditAction("leave early", .withdrawal)
    case .claim: return AuditAction("claim fees", .other)
    case .wait: return AuditAction("wait", .other, seconds)
    case .sameReading: return AuditAction("reform with the same reading", .other)
    case .reading(let change): return AuditAction(change.name, .other)
    }
  }
}

extension AuditedPool.ReadingChange {
  /// How the auditor names it.
  package var name: String {
    let words = [(price, "price"), (sigma, "sigma")].filter { $0.0 != 0 }
      .map { "\($1) times \(1 + $0)" }
    return "reading: " + words.joined(separator: ", ")
  }
}
