#ifndef CVECTOR_H
#define CVECTOR_H

#include <stddef.h>
#include <stdint.h>

/// Which instructions a kernel may use.
enum parley_vector_level {
    parley_vector_portable = 0,
    parley_vector_avx2 = 1
};

/// The best level that this processor has.
int parley_vector_best_level(void);

/// Dot products of one int8 query with `count` int8 rows, each times its row's scale.
/// `stride` is the row's length in bytes, a multiple of 32, the surplus zero; values lie in -127…127.
void parley_vector_scan(const int8_t *rows, const float *scales, size_t count, size_t stride,
                        const int8_t *query, float *out, int level);

/// Dot product of half-precision (IEEE 754 binary16) and single-precision numbers; `length` is a multiple of 32.
float parley_vector_dot_half(const uint16_t *half, const float *query, size_t length, int level);

/// Rounds to half precision, ties to even.
void parley_vector_to_half(const float *from, uint16_t *to, size_t length);

/// Widens half precision to single precision.
void parley_vector_from_half(const uint16_t *from, float *to, size_t length);

#endif
