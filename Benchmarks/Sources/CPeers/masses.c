/* The mass of every tick of a normal curve. */
#include "CPeers.h"

#include <math.h>

double gsl_sf_erf(double x);

/* An edge of a tick for erf and erfc, clipped to the half width. */
static inline double edge(double s, double k, double w, int64_t i) {
  return fmin(fmax((double)i * w / s, -k), k) / M_SQRT2;
}

void peer_masses_gsl_erf(double s, double k, double w, int64_t side, double *mass) {
  double norm = 0.5 / gsl_sf_erf(k / M_SQRT2), below = gsl_sf_erf(edge(s, k, w, -side));
  for (int64_t i = 0; i < 2 * side; ++i) {
    double above = gsl_sf_erf(edge(s, k, w, i + 1 - side));
    mass[i] = (above - below) * norm;
    below = above;
  }
}

/* The complement, taken on the side of the nearer tail, keeps more digits there. */
void peer_masses_erfc(double s, double k, double w, int64_t side, double *mass) {
  double norm = 0.5 / erf(k / M_SQRT2), below = erfc(fabs(edge(s, k, w, -side)));
  for (int64_t i = 0; i < 2 * side; ++i) {
    double above = erfc(fabs(edge(s, k, w, i + 1 - side)));
    mass[i] = fabs(above - below) * norm;
    below = above;
  }
}

#if defined(__AVX512F__)
#include <immintrin.h>
typedef __m512d vector;
#define SLEEF_NAME "Sleef_erfcd8_u15avx512f"
#define MVEC_NAME "_ZGVeN8v_erfc"
#define store(p, v) _mm512_storeu_pd(p, v)
#define load(p) _mm512_loadu_pd(p)
#elif defined(__AVX2__)
#include <immintrin.h>
typedef __m256d vector;
#define SLEEF_NAME "Sleef_erfcd4_u15avx2"
#define MVEC_NAME "_ZGVdN4v_erfc"
#define store(p, v) _mm256_storeu_pd(p, v)
#define load(p) _mm256_loadu_pd(p)
#endif

#if defined(SLEEF_NAME)
#include <dlfcn.h>

static peer_vector find(const char *const *libraries, const char *name, const char *missing) {
  for (; *libraries; ++libraries) {
    void *library = dlopen(*libraries, RTLD_NOW);
    void *function = library ? dlsym(library, name) : 0;
    if (function) return (peer_vector){function, name};
  }
  return (peer_vector){0, missing};
}

peer_vector peer_vector_sleef(void) {
  static const char *const libraries[] = {"libsleef.so.3", "libsleef.so", "libsleef.dylib", 0};
  return find(libraries, SLEEF_NAME, "SLEEF is not installed or lacks " SLEEF_NAME);
}

peer_vector peer_vector_mvec(void) {
  static const char *const libraries[] = {"libmvec.so.1", 0};
  return find(libraries, MVEC_NAME, "no libmvec with " MVEC_NAME " (glibc 2.35 has it)");
}

void peer_masses_vector(
  peer_vector erfc, double s, double k, double w, int64_t side, double *edges, double *mass) {
  vector (*function)(vector) = (vector (*)(vector))erfc.function;
  enum { lanes = sizeof(vector) / sizeof(double) };
  int64_t n = 2 * side;
  for (int64_t i = 0; i <= n; i += lanes) {
    double z[lanes];
    for (int64_t j = 0; j < lanes; ++j) z[j] = fabs(edge(s, k, w, i + j - side));
    store(edges + i, function(load(z)));
  }
  double norm = 0.5 / erf(k / M_SQRT2);
  for (int64_t i = 0; i < n; ++i) mass[i] = fabs(edges[i + 1] - edges[i]) * norm;
}

#else

static const char no_vectors[] = "compiled for a processor without AVX2";
peer_vector peer_vector_sleef(void) { return (peer_vector){0, no_vectors}; }
peer_vector peer_vector_mvec(void) { return (peer_vector){0, no_vectors}; }
void peer_masses_vector(
  peer_vector erfc, double s, double k, double w, int64_t side, double *edges, double *mass) {
  (void)erfc, (void)edges;
  peer_masses_erfc(s, k, w, side, mass);
}

#endif
