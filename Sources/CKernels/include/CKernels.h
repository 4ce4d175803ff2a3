// C kernels of DAMM: tick masses, cumulative capacities and guides, the traversal of swaps and batches,
// and the forming of curves.
//
// Each kernel is compiled once per instruction set from one source (the `body_*.h` files), and one
// set is chosen at run time. All sets give the same bits: a fused multiply-add is always explicit,
// contraction by the compiler is off, and of libm only `fma` is used (exact by definition) where
// the processor has none.
//
// All quantities are scale-free (price in units of the oracle price, liquidity 1). A tick is named
// by its offset 0 ..< count from the lowest tick.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

/// An unevaluated sum hi + lo with |lo| <= ulp(hi) / 2: about 106 bits.
typedef struct {
  double hi, lo;
} ck_dd;

/// The grid of prices: tick at offset t has the lower edge u = 1 + (lowest + t) w, w = bps / 10^4.
typedef struct {
  int64_t lowest;  // index of the lowest tick
  int64_t count;   // number of ticks
  double bps;      // tick width in basis points
} ck_grid;

enum { CK_B = 0, CK_A = 1, CK_NONE = 2 };

/// What lies between an end of the curve and a tick edge: B and A of all those ticks.
typedef struct {
  ck_dd b, a;  // sums of m / sqrt(u), sums of m sqrt(u)
} ck_edge;

/// From a cumulative capacity `c` to where its edge is stored: bucket (int) rint(c scale + origin[frame])
/// holds the stored edges first[bucket] ..< first[bucket + 1].
typedef struct {
  double scale;
  double origin[2];  // of the lower and of the upper sums
  const uint32_t *first;
} ck_guide;

/// The fee rate of a tick, of the A that moves there: clamp(base +- skew i w, low, high), plus when buying.
/// All zero without fees.
typedef struct {
  double base, skew, low, high;
} ck_fee_terms;

/// Cumulative capacities at the count + 1 edges, summed from the nearer end of the curve so that
/// both tails keep their relative accuracy. Edges up to `fold` are sums from the lowest edge
/// upwards (not negative); edges from `fold` on are minus the sum from the highest edge downwards.
/// The fold edge is stored twice: edge e of the lower part is at index e, of the upper part at
/// index e + 1. So the lower edge of tick t is at t + (t >= fold), its upper edge one further.
typedef struct ck_table {
  ck_grid grid;
  const struct ck_kernels *kernels;
  int64_t fold;
  int32_t has_empty;     // not 0 if some tick has no capacity
  int32_t plain_prices;  // not 0 if 10^4 + i bps is a double for every tick
  const ck_edge *edges;  // count + 2
  ck_guide guide[2];     // [CK_B], [CK_A]
  ck_fee_terms terms;
  int32_t toll;          // what its A sums and prices are: -1 those of bids, 1 of asks, 0 without fees
  const struct ck_table *way[2];  // tables for selling and for buying: itself, or of bids and of asks
  const ck_dd *fee[2];   // sums of A times fee rate at the stored edges, [0] selling, [1] buying; or NULL
} ck_table;

/// A place on the curve: a tick (count for the upper end), and the cumulative B capacity there, in
/// the frame (lower or upper sums) of that tick.
typedef struct {
  int64_t tick;
  ck_dd sold;
} ck_point;

enum { CK_BELOW = 0, CK_ABOVE = 1 };
enum { CK_FILLED = 0, CK_LIMIT = 1, CK_EXHAUSTED = 2 };

/// A curve with prices, reserves and a position: what a swap needs, in one piece of memory.
typedef struct {
  const ck_table *table;
  const ck_table *way[2];  // of the table: for selling and for buying
  double surge;            // rate that is added to the fees of both
  ck_point place;       // the position,
  double price;         // and as a price coordinate
  ck_point formed;      // the place where the curve was formed,
  double formed_a[2];   // and the cumulative A there, of way[1] below it by the last bits, of way[0] above
  ck_dd inverse[2][2];  // 1 / unit, 0 where the unit is 0
  ck_dd unit[2][2];     // [CK_BELOW or CK_ABOVE the place of forming][CK_B or CK_A]: token units per
                        // scale-free unit, zero where that side offers nothing
  double oracle_price;
  double scale[2];      // [CK_BELOW or CK_ABOVE] of what is on offer
  ck_dd liquidity;
  ck_dd inverse_liquidity;
  int32_t full;         // funding: each side scaled to all of its reserve
} ck_curve;

/// One order in token units, from where the curve stands. `key` is the token whose amount is fixed, CK_NONE for no amount.
typedef struct {
  int32_t buy;
  int32_t key;
  int32_t has_limit;
  double value;
  ck_point limit;
} ck_order;

/// What happened: amounts in token units, ticks that gave something, where and why it stopped, and
/// that place as a sold fraction of its tick and as a price coordinate.
typedef struct {
  double amount[2];  // [CK_B], [CK_A]
  int64_t ticks;
  ck_point after;
  double fraction;
  double price;
  int32_t stop;
  double fee;        // in A, part of what a buyer pays; kept back from what a seller gets
} ck_fill;

/// From lots to the sums of a table and to the buckets of their guide, about.
typedef struct {
  double per_lot, begin;
  double buckets_per_lot, first_bucket;
  int64_t last_bucket;  // of the last edge of the frame
} ck_sight;

/// A curve whose units are lots, counted in whole lots `n` of B sold since it stood at `place`, its anchor.
/// On each side of the place of forming and in each frame of sums: B sums = start + (n - base) / unit, and the
/// A that the curve holds beyond that at the anchor, and the fees of either direction, in lots, are an
/// origin plus unit times sums. The base is the lots sold at the anchor on its side, 0, and at the
/// place of forming on the other: what a lot is may differ so much between the two that no sum has room
/// for both.
typedef struct {
  ck_curve curve;
  ck_dd base[2];           // [CK_BELOW or CK_ABOVE]
  ck_dd start[2][2];       // [side][frame]
  ck_dd held[2][2];
  ck_dd charged[2][2][2];  // [0 selling, 1 buying][side][frame]
  ck_dd seam;              // lots of B sold at the place of forming,
  ck_dd seam_a;            // the A held there,
  ck_dd seam_fee[2];       // and the fees
  ck_dd bottom, top;       // the A held at the ends of the curve
  ck_dd price_step;        // a basis point of the oracle price
  int64_t seam_lots, seam_level;  // the whole lots below those of the place of forming,
  int64_t fold_lots, fold_level;  // and below those of the fold of the table;
  double seam_charged[2];         // levels of the two, plus (1 buying) or minus (0 selling) the fees
  double fold_charged[2];         // up to there;
  ck_sight sight[2][2][2];            // [CK_B or CK_A][side][frame]
  ck_sight charged_sight[2][2][2];    // [0 selling, 1 buying][side][frame], for levels plus or minus fees
  int64_t first[2], last[2];      // lots that plainly lie on a side, first ... last,
  int64_t low[2], high[2];        // and levels of A
  int64_t lowest, highest; // the last whole lots before them,
  int64_t held_lowest, held_highest;  // and the A held there
} ck_lots;

/// A tick on one side of the place of forming as lots see it: at its lower edge, `lots` + `lots_part` of B
/// are sold and `level` + `level_part` of A are held.
typedef struct {
  int64_t side, tick;
  double lots, lots_part, level, level_part;
  double per_lot, per_lot_lo;  // A of a lot of B
  double begin;     // and what is held beyond `level` if `lots` are sold
  double capacity;  // what the tick holds: lots of B,
  double content;   // and of A; both 0 where the straight line does not apply
  double fee[2], fee_part[2];  // fees up to `level`, whole lots and a part: [0 selling, 1 buying]
} ck_span;

/// Where a ledger stands: whole lots of B sold since the anchor, and of A that the curve holds beyond what it
/// held there. The span is that of the tick where it stands and follows from `sold`.
typedef struct {
  int64_t sold, held;
  ck_span span;
} ck_stand;

/// An order in lots. It goes no further than `end`, counted as `sold`.
typedef struct {
  int32_t buy;
  int32_t key;     // CK_B, CK_A, or CK_NONE to go to the end
  int64_t value;   // lots of the token that is fixed
  int64_t end;
  double surge;    // rate that is added to the fees
} ck_lot_order;

/// What happened to an order in lots.
typedef struct {
  int64_t amount;  // B
  int64_t sold;    // of B where the ledger stands then
  int64_t moved;   // A between curve and trader, without fees
  int64_t fee;
  int64_t ticks;   // that gave something
  int64_t tick;    // where it ended, from the oracle price,
  double fraction; // how much of that is sold,
  double price;    // and as a price coordinate
  int32_t filled;  // not 0 if the amount that was fixed was reached before the end
} ck_lot_fill;

/// Buckets of a guide for each tick.
#define CK_GUIDE_BUCKETS 1

/// How many elements a guide has, a multiple of 16.
static inline int64_t ck_guide_room(int64_t count) {
  return (CK_GUIDE_BUCKETS * count + 12 + 15) / 16 * 16;
}

/// Whether 10^4 + i bps is a double for all i that a table may have, so that prices need fewer steps.
static inline int32_t ck_plain_prices(ck_grid grid) {
  double top = (double)(grid.lowest + grid.count) * grid.bps, steps = grid.bps * 0x1p30;
  return steps == __builtin_floor(steps) && top < 0x1p22;
}

/// Orders of one kind, and where the fields of their quotes go: arrays of `count` elements, NULL for a
/// field that nobody needs.
typedef struct {
  int32_t buy;
  int32_t key;
  int32_t has_limit;
  ck_point limit;
  int64_t count;
  const double *value;
  double *in, *out;  // token units
  double *fee;       // in A
  double *average;   // A over B, 0 where either is 0
  double *price;     // coordinate after the trade
  int64_t *tick;     // its tick, from the oracle price
  double *fraction;  // sold fraction of that tick
  int64_t *ticks;    // ticks that gave something
  int32_t *stop;
  double *left;      // what is left of the value
} ck_batch;

enum {
  CK_IMPLIED = 0, CK_BELOW_INTRINSIC = 1, CK_AT_INTRINSIC = 2, CK_AT_MAXIMUM = 3, CK_ABOVE_MAXIMUM = 4,
  CK_NO_INFORMATION = 5
};

/// A deviation is refused where half an ulp of the premium moves it by more than 2^-11.
#define CK_MOST_CONDITION 0x1p43

/// How options are priced.
typedef struct {
  int32_t put;
  int32_t normal;  // Bachelier's model, else Black's
  int32_t coin;    // premiums are multiples of the forward
} ck_option_terms;

/// One instruction set's kernels.
typedef struct ck_kernels {
  /// Its name: scalar, avx2, avx512 or neon.
  const char *name;

  /// Masses of `count` buckets of the normal density, bucket i over z from (first + i) h to
  /// (first + i + 1) h, up to one constant factor, which normalisation removes. Needs
  /// h |z| / 2 <= CK_SERIES_REACH and h <= 0.1 throughout.
  void (*uniform_buckets)(int64_t first, int64_t count, ck_dd h, double *mass);

  /// The same with the width as a factor, for any ascending edges z (count + 1 of them, as high and
  /// low parts). Wide buckets are cut into parts.
  void (*buckets)(int64_t count, const double *z_hi, const double *z_lo, double *mass);

  /// Writes the masses of `count` ticks below a place from those above it: half[-1 - i] = half[i].
  void (*mirror)(int64_t count, double *half);

  /// ln(u) / s at the edges of consecutive ticks, for the log-normal shape: writes edge index
  /// `first` (offset 0) onwards, upwards (step 1) or downwards (step -1), starting from ln(u) = 0 at
  /// edge 0, until |z| >= k or `room` edges are written or the next edge is not positive. Returns
  /// the number of edges written after edge 0.
  int64_t (*log_edges)(
    double bps, int64_t step, ck_dd s, double k, int64_t room, double *z_hi, double *z_lo);

  /// Divides masses by their sum. Returns the sum; leaves the masses alone if it is not positive.
  double (*normalise)(int64_t count, double *mass);

  /// Fills the stored edges of a table whose grid and fold are set, from its masses. Returns whether
  /// some tick has no capacity.
  int32_t (*accumulate)(const ck_table *table, const double *mass, ck_edge *edges);

  /// Writes the fees of buying and of selling at the stored edges of a table whose edges and fee terms are
  /// set, from its masses: `selling` and `buying` have as many elements as `edges`, which is room to work in.
  void (*accumulate_fees)(
    const ck_table *table, const double *mass, ck_edge *edges, ck_dd *selling, ck_dd *buying);

  /// The fee rate of a tick, of the A that moves there.
  double (*fee_rate)(const ck_table *table, int32_t buy, int64_t tick);

  /// 2^(-seconds / half_life) for numbers that are not negative, within two ulps; 0 below 2^-64.
  double (*decay)(double seconds, double half_life);

  /// Makes the guides of a table whose edges are filled, of ck_guide_room(count) elements each.
  void (*guides)(ck_table *table, uint32_t *first_b, uint32_t *first_a);

  /// What one order would do. Orders whose limit is already passed fill nothing.
  void (*quote)(const ck_curve *curve, const ck_order *order, ck_fill *fill);

  /// The same, and moves the position there.
  void (*swap)(ck_curve *curve, const ck_order *order, ck_fill *fill);

  /// The first value that is not in low ... high (or minus that, if `signs` is not 0); -1 if none is.
  int64_t (*first_outside)(
    int64_t count, const double *values, double low, double high, int32_t signs);

  /// What each order of a batch would do, by itself: the bits of `quote`.
  void (*quotes)(const ck_curve *curve, const ck_batch *batch);

  /// Runs the orders of a batch one after another: the bits of `swap`. Positive values buy, negative
  /// ones sell; `buy` and the limit are not looked at.
  void (*swaps)(ck_curve *curve, const ck_batch *batch);

  /// What order i of a batch would do on the curve at `curves` + i `stride` bytes: the bits of `quote`.
  void (*quotes_across)(const ck_curve *curves, int64_t stride, const ck_batch *batch);

  /// The place at a price coordinate in a tick with liquidity between the first and the last. Returns 0
  /// if it does not lie in one.
  int32_t (*place_inside)(
    const ck_table *table, double oracle_price, double price, ck_point *place);

  /// Forms a curve whose table, oracle price, liquidity and funding are set, at a place.
  void (*form)(ck_curve *curve, ck_point place, double reserve_b, double reserve_a);

  /// Forms the curve around another oracle price, at the same price coordinate. Returns 0, and changes
  /// nothing, if that does not lie in a tick with liquidity between the first and the last.
  int32_t (*reform)(
    ck_curve *curve, double oracle_price, double reserve_b, double reserve_a);

  /// Sets units, inverses and what else follows from the oracle price, the liquidity and the scales of the
  /// curve in `lots`, and counts its lots from where it stands.
  void (*anchor)(ck_lots *lots);

  /// Stands after `sold` lots of B.
  void (*stand_after)(const ck_lots *lots, int64_t sold, ck_stand *stand);

  /// Where the ledger stands as the last three fields of a fill of which only they are written.
  void (*standing)(const ck_lots *lots, const ck_stand *stand, ck_lot_fill *fill);

  /// Carries an order in lots out.
  void (*swap_lots)(
    const ck_lots *lots, ck_stand *stand, const ck_lot_order *order, ck_lot_fill *fill);

  /// The A that the curve holds after `sold` lots of B beyond what it held at the anchor, rounded up: Q(n).
  int64_t (*held_after)(const ck_lots *lots, int64_t sold);

  /// Where the curve stands after `sold` lots of B.
  ck_point (*place_after)(const ck_lots *lots, int64_t sold);

  /// The most lots of B sold at which the curve holds no more than a level: Q(n) <= level. One below `lowest`
  /// or above `highest` where that is beyond the ends.
  int64_t (*lots_with)(const ck_lots *lots, int64_t level);

  /// The last whole lots of B sold before a place that an order does not pass, seen from below (up) or from
  /// above.
  int64_t (*lots_before)(const ck_lots *lots, ck_point place, int32_t up);

  /// The sold fraction of the tick of a place, below 1; 0 at the upper end.
  double (*fraction)(const ck_table *table, ck_point place);

  /// The price coordinate mu (1 + (i + f) w) of a tick offset and a fraction, rounded once.
  double (*coordinate)(ck_grid grid, double oracle_price, int64_t tick, double fraction);

  /// Scale-free B above and A below a place: what swaps of unlimited size get, to the bit.
  void (*offered)(const ck_table *table, ck_point place, double *b, double *a);

  /// The total deviation sigma sqrt(T) that an undiscounted premium implies (in price units in the normal
  /// model), and d ln(deviation) / d ln(premium). Returns CK_IMPLIED, or why there is none.
  int32_t (*implied)(
    ck_option_terms terms, double forward, double strike, double premium, double *deviation,
    double *condition);

  /// The same of many options: the bits of `implied`, and a deviation of 0 where there is none.
  void (*implied_many)(
    ck_option_terms terms, int64_t count, const double *forward, const double *strike,
    const double *premium, double *deviation, double *condition);

  /// The undiscounted premium at a total deviation.
  double (*premium)(ck_option_terms terms, double forward, double strike, double deviation);

  /// Scale-free B and A between two places, `from` not above `to`.
  void (*between)(const ck_table *table, ck_point from, ck_point to, double *b, double *a);
} ck_kernels;

/// |z| h / 2 up to which one series serves a whole bucket: the first term left out is below 1.5e-17.
#define CK_SERIES_REACH 0.258

/// The kernels of an instruction set by name, or NULL if it does not exist here or the processor
/// cannot run it.
const ck_kernels *ck_kernels_named(const char *name);

/// The kernels chosen for this process: the one that the environment variable DAMM_KERNEL names, if
/// it can run here, else the widest that can.
const ck_kernels *ck_kernels_best(void);

#if defined(__cplusplus)
}
#endif
#endif
