/// A fault that a ledger could have, and each law that finds it alone.
enum PoolFault: String, CaseIterable {
  case saleRoundsUp, buyRoundsDown, saleAtUpperEdge
  case feeGoesMissing, feeIsCountedTwice, feeOfDustIsFree, feeOfLargeOrders, smallerCostsMore
  case quoteIsOfAnotherSize, leftIsForgotten, refusalTakesALot
  case sharesForRoot, sharesForFree, addPaysFloor, addTakesAll, removePaysMore, removeForgetsDepth
  case exitPaysPenalty, exitVestsMore, exitForgetsDepth, lockedEarnNothing, lockedIsRemoved,
    claimPaysTwice, nameIsUsedAgain
  case reformMoves, reformTakesALot, updateTakesALot, sameReadingForms
  case jsonDropsABit, copyIsShared
  case offersMore, endIsNotReached, oneSidedKeepsHalf

  var laws: [PoolLaw] {
    switch self {
    case .saleRoundsUp: [.tradersGainNothing, .roundTrips, .splitting]
    case .buyRoundsDown: [.tradersGainNothing, .roundTrips, .splitting]
    case .saleAtUpperEdge: [.tradersGainNothing, .roundTrips, .attackersGainNothing]
    case .feeGoesMissing, .feeIsCountedTwice: [.conservation]
    case .feeOfDustIsFree: [.splitting]
    case .feeOfLargeOrders: [.scaleFree, .splitting]
    case .smallerCostsMore: [.reordering]
    case .quoteIsOfAnotherSize: [.quoteIsSwap]
    case .leftIsForgotten: [.answersAddUp]
    case .refusalTakesALot: [.refusalsChangeNothing, .conservation]
    case .sharesForRoot: [.pricesOfShares, .stayersKeep]
    case .sharesForFree: [.pricesOfShares, .stayersKeep, .attackersGainNothing]
    case .addTakesAll: [.pricesOfShares]
    case .addPaysFloor: [.pricesOfShares, .stayersKeep]
    case .removePaysMore: [.pricesOfShares, .stayersKeep, .attackersGainNothing]
    case .removeForgetsDepth, .exitForgetsDepth: [.depth, .covered]
    case .exitPaysPenalty, .exitVestsMore: [.exits]
    case .lockedIsRemoved: [.locksHold]
    case .claimPaysTwice: [.claims]
    case .nameIsUsedAgain: [.ownLaws]
    case .lockedEarnNothing: [.feesProRata]
    case .reformMoves, .reformTakesALot, .updateTakesALot: [.reformKeeps]
    case .sameReadingForms: [.sameReading]
    case .jsonDropsABit: [.stored]
    case .copyIsShared: [.snapshots]
    case .offersMore, .endIsNotReached: [.covered]
    case .oneSidedKeepsHalf: [.oneSided]
    }
  }
}
