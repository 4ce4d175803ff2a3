/* The two searches of the prefix-sum peers: the first of n ascending numbers that is not below x. */
#ifndef SEARCH_H
#define SEARCH_H

#include <algorithm>
#include <cstddef>

struct LowerBound {
  static std::size_t first(const double *p, std::size_t n, double x) {
    return static_cast<std::size_t>(std::lower_bound(p, p + n, x) - p);
  }
};

#if defined(__clang__)
// else clang makes a branch of it after all
#define UNPREDICTABLE(condition) __builtin_unpredictable(condition)
#else
#define UNPREDICTABLE(condition) (condition)
#endif

/* Halves the range without a branch on what is compared: the place moves by a conditional move. */
struct BranchFree {
  static std::size_t first(const double *p, std::size_t n, double x) {
    if (n == 0) return 0;
    const double *base = p;
    while (n > 1) {
      std::size_t half = n / 2;
      base = UNPREDICTABLE(base[half - 1] < x) ? base + half : base;
      n -= half;
    }
    return static_cast<std::size_t>(base - p) + static_cast<std::size_t>(*base < x);
  }
};

#endif
