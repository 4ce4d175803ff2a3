/* Implied volatilities of QuantLib, if it is installed: found at run time, so that nothing here needs its
 * headers. The functions take an enumeration and numbers only, so their names in the library say enough; a
 * known price proves that they are what they seem. */
#include "CPeers.h"

#include <cfloat>
#include <cmath>
#include <exception>

#include <dlfcn.h>

namespace {

using StdDev = double (*)(int, double, double, double, double, double, double, double, unsigned);
using Chambers = double (*)(
  int, double, double, double, double, double, double, double, double, unsigned);
using Bachelier = double (*)(int, double, double, double, double, double);

constexpr double none = FLT_MAX; /* QuantLib's word for a number that was not given */

struct Library {
  StdDev std_dev = nullptr;
  Chambers chambers = nullptr;
  Bachelier bachelier = nullptr;

  Library() {
    static const char *const names[] = {"libQuantLib.so.0", "libQuantLib.so", "libQuantLib.dylib"};
    void *library = nullptr;
    for (const char *name : names)
      if (!library) library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    auto found = reinterpret_cast<StdDev>(
      dlsym(library, "_ZN8QuantLib25blackFormulaImpliedStdDevENS_6Option4TypeEdddddddj"));
    if (!found) return;
    try {
      if (!(std::fabs(found(1, 110, 100, 5, 1, 0, none, 1e-9, 100) - 0.218874) < 1e-6)) return;
    } catch (const std::exception &) {
      return;
    }
    std_dev = found;
    chambers = reinterpret_cast<Chambers>(
      dlsym(library, "_ZN8QuantLib29blackFormulaImpliedStdDevLiRSENS_6Option4TypeEddddddddj"));
    bachelier = reinterpret_cast<Bachelier>(
      dlsym(library, "_ZN8QuantLib31bachelierBlackFormulaImpliedVolENS_6Option4TypeEddddd"));
  }
};

const Library &library() {
  static const Library found;
  return found;
}

/* What is refused is not a number. */
template <typename Price> void each(double *deviation, size_t n, Price price) {
  for (size_t i = 0; i < n; ++i) {
    try {
      deviation[i] = price(i);
    } catch (const std::exception &) {
      deviation[i] = NAN;
    }
  }
}

}  // namespace

extern "C" int peer_has_quantlib(void) {
  return library().std_dev && library().chambers && library().bachelier;
}

extern "C" void peer_implied_quantlib(
  const peer_options *o, double accuracy, double *deviation, size_t n) {
  each(deviation, n, [=](size_t i) {
    return library().std_dev(
      o->put[i] ? -1 : 1, o->strike[i], o->forward[i], o->premium[i], 1, 0, none, accuracy, 100);
  });
}

extern "C" void peer_implied_quantlib_chambers(
  const peer_options *o, double accuracy, double *deviation, size_t n) {
  each(deviation, n, [=](size_t i) {
    return library().chambers(
      o->put[i] ? -1 : 1, o->strike[i], o->forward[i], o->premium[i], 1, 0, none, 1, accuracy, 100);
  });
}

extern "C" void peer_implied_quantlib_bachelier(
  const peer_options *o, double accuracy, double *deviation, size_t n) {
  (void)accuracy; /* it has a closed form */
  each(deviation, n, [=](size_t i) {
    return library().bachelier(
      o->put[i] ? -1 : 1, o->strike[i], o->forward[i], 1, o->premium[i], 1);
  });
}
