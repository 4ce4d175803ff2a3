#include "CMachine.h"

#include <stdio.h>
#include <unistd.h>

void machine_keep(const void *memory) { __asm__ volatile("" : : "r"(memory) : "memory"); }

#if defined(__linux__)
#include <malloc.h>
#include <pthread.h>
#include <sched.h>

/* The processors allowed when the process started, before any thread was bound. */
static cpu_set_t allowed;

static void look(void) { sched_getaffinity(0, sizeof allowed, &allowed); }

static pthread_once_t looked = PTHREAD_ONCE_INIT;

int machine_cores(void) {
  pthread_once(&looked, look);
  return CPU_COUNT(&allowed);
}

int machine_pin(int core) {
  int cores = machine_cores();
  if (core < 0 || core >= cores) return 0;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed) || core-- > 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    return pthread_setaffinity_np(pthread_self(), sizeof one, &one) == 0;
  }
  return 0;
}

void machine_unpin(void) {
  pthread_once(&looked, look);
  pthread_setaffinity_np(pthread_self(), sizeof allowed, &allowed);
}

int64_t machine_resident(void) {
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file) return -1;
  long long size = 0, resident = -1;
  int found = fscanf(file, "%lld %lld", &size, &resident);
  fclose(file);
  return found == 2 ? (int64_t)resident * sysconf(_SC_PAGESIZE) : -1;
}

void machine_trim(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

#else

int machine_cores(void) { return (int)sysconf(_SC_NPROCESSORS_ONLN); }
int machine_pin(int core) {
  (void)core;
  return 0;
}
void machine_unpin(void) {}
int64_t machine_resident(void) { return -1; }
void machine_trim(void) {}

#endif
