import DAMMModel
import DAMMPool

/// Providers beside the founder, who come, lock and leave when their time has come.
struct ProviderDesk {
  private var desks: [Desk]
  /// The next moment at which somebody does something, so that steps between need not look.
  private var next: UTCTime?

  private struct Desk {
    let plan: ReplayAgents.Provider
    let joins: UTCTime
    var leaves: UTCTime?
    var position: PositionID?
    var paidIn = LotPair.zero
    var isDone = false
    var figures = ProviderFigures()
  }

  init(_ plans: [ReplayAgents.Provider], from start: UTCTime) {
    desks = plans.map { Desk(plan: $0, joins: start.later(hours: $0.joinHours)) }
    next = desks.map(\.joins).min()
  }

  /// Whether somebody does something at a moment.
  func isDue(_ now: UTCTime) -> Bool { next.map { $0 <= now } ?? false }

  /// Does what is due.
  mutating func act(_ venue: inout some TickVenue, _ step: ReplayStep) throws(ReplayError) {
    for index in desks.indices where !desks[index].isDone {
      if desks[index].position == nil {
        guard desks[index].joins <= step.time else { continue }
        try join(&desks[index], &venue, step)
      } else if let leaves = desks[index].leaves, leaves <= step.time {
        try leave(&desks[index], &venue, step)
      }
    }
    next = desks.filter { !$0.isDone }
      .compactMap { $0.position == nil ? $0.joins : $0.leaves }.min()
  }

  private func join(
    _ desk: inout Desk, _ venue: inout some TickVenue, _ step: ReplayStep
  ) throws(ReplayError) {
    let shares = (desk.plan.part * Double(venue.shares)).rounded()
    let lock = try asReplay { () throws(PoolError) in
      try desk.plan.lockHours.map { hours throws(PoolError) in
        try Lock(start: step.time, end: step.time.later(hours: hours))
      }
    }
    do throws(ReplayError) {
      let whole = Int(min(max(shares, 1), 0x1p62))
      let added = try venue.add(shares: whole, lock: lock, at: step.time)
      desk.position = added.position
      desk.paidIn = added.paidIn
      desk.figures.joined = step.time
      desk.figures.paidIn = venue.worth(added.paidIn, at: step.price)
      desk.leaves = desk.plan.stayHours.map { step.time.later(hours: $0) }
    } catch {
      switch error {
      // a pool so large that the part has no room: nothing is added, which the figures tell
      case .pool(.overflow), .pool(.countOutOfRange): desk.isDone = true
      default: throw error
      }
    }
  }

  private func leave(
    _ desk: inout Desk, _ venue: inout some TickVenue, _ step: ReplayStep
  ) throws(ReplayError) {
    guard let position = desk.position else { return }
    let isLocked = desk.plan.lockHours.flatMap { hours in
      desk.figures.joined.map { $0.later(hours: hours) > step.time }
    }
    desk.figures.held = venue.worth(desk.paidIn, at: step.price)
    if isLocked == true {
      let left = try venue.leaveEarly(position, at: step.time)
      desk.figures.fees = Double(left.fees) * venue.units.a
      desk.figures.value = venue.worth(left.refund, at: step.price) + desk.figures.fees
      desk.figures.penalty =
        venue.worth(left.penalty, at: step.price) + Double(left.forfeitedFees) * venue.units.a
    } else {
      let left = try venue.remove(position, at: step.time)
      desk.figures.fees = Double(left.fees) * venue.units.a
      desk.figures.value = venue.worth(left.paidOut, at: step.price) + desk.figures.fees
    }
    desk.figures.left = step.time
    desk.isDone = true
  }

  /// What each has in the end.
  func figures(_ venue: some TickVenue, at last: ReplayStep) -> [ProviderFigures] {
    desks.map { desk in
      var figures = desk.figures
      guard let position = desk.position, !desk.isDone else { return figures }
      let holding = venue.holding(of: position)
      figures.fees = holding.fees
      figures.value = holding.a + holding.b * last.price + holding.fees
      figures.held = venue.worth(desk.paidIn, at: last.price)
      return figures
    }
  }
}

extension TickVenue {
  /// Lots of both tokens, in A.
  fileprivate func worth(_ lots: LotPair, at price: Double) -> Double {
    Double(lots.a) * units.a + Double(lots.b) * units.b * price
  }
}

extension UTCTime {
  fileprivate func later(hours: Double) -> UTCTime {
    UTCTime(secondsSince1970: secondsSince1970 + Int64((hours * 3600).rounded()))
  }
}
