import DAMMModel

/// Searches a subject for a sequence of an outsider's actions that takes something out for nothing.
///
/// Random sequences first, their amounts on a logarithmic scale, dust and whole sides included, with what an earlier action
/// moved among them; each ends with the trade that brings one token back, so that the other tells gain from
/// loss. Then the best of these are changed: actions are put in, left out, doubled and exchanged by hill climbing, and
/// amounts moved by the simplex of Nelder and Mead. Every loop in a sequence is looked at, not only the
/// whole. What gains is made short: no action of it can be left out, and amounts are as small and as round
/// as they can be alone.
///
/// Of a subject that offers scaled copies, some of the random sequences are compared with what they do at another
/// scale: prices that depend on the scale are a finding, too.
///
/// Nothing found is no proof; the report says how many sequences were tried.
public struct Audit<Subject: Auditable> {
  /// What is searched, and where every sequence begins.
  public let subject: Subject
  /// What the search may spend.
  public let limits: AuditLimits

  /// An audit.
  public init(_ subject: Subject, _ limits: AuditLimits) {
    self.subject = subject
    self.limits = limits
  }

  /// Searches until something is found or the limits are reached.
  ///
  /// - Parameter progress: is told now and then how far the search has come.
  /// - Returns: the finding, made short, and how many sequences were tried.
  /// - Throws: `DAMMError.gsl` if there is no memory.
  /// - Complexity: the time of the actions; memory for one sequence.
  public func run(progress: ((AuditProgress) -> Void)? = nil) throws(DAMMError) -> AuditReport {
    var search = try AuditSearch(
      subject, limits, stopsAtGain: true, checksScale: true, report: progress)
    let found = search.firstGain()
    let finding = found.flatMap { search.shortest($0) } ?? search.shortestOffScale()
    return AuditReport(
      seed: limits.seed, sequences: search.tried, actions: search.player.performed,
      seconds: search.seconds,
      scaleSequences: search.scale == nil ? nil : search.scaleSequences, finding: finding)
  }
}
