#include "cvector.h"
#include <string.h>

static uint32_t bits_of(float value) { uint32_t bits; memcpy(&bits, &value, 4); return bits; }
static float float_of(uint32_t bits) { float value; memcpy(&value, &bits, 4); return value; }

static float widen(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = (half >> 10) & 31, fraction = half & 0x3FF;
    if (exponent == 31) return float_of(sign | 0x7F800000 | fraction << 13);
    if (exponent == 0) {
        float value = (float)fraction * 0x1p-24f;
        return float_of(bits_of(value) | sign);
    }
    return float_of(sign | (exponent + 112) << 23 | fraction << 13);
}

static uint16_t narrow(float value) {
    uint32_t bits = bits_of(value), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7FFFFFFF;
    if (magnitude >= 0x7F800000) return (uint16_t)(sign | 0x7C00 | (magnitude > 0x7F800000 ? 0x200 : 0));
    if (magnitude >= 0x477FF000) return (uint16_t)(sign | 0x7C00);
    if (magnitude < 0x38800000) {
        // Below the smallest normal half: adding 0.5 leaves the rounded subnormal in the low bits.
        return (uint16_t)(sign | (bits_of(float_of(magnitude) + 0.5f) - 0x3F000000));
    }
    magnitude += 0xFFF + (magnitude >> 13 & 1);
    return (uint16_t)(sign | (magnitude - 0x38000000) >> 13);
}

void parley_vector_to_half(const float *from, uint16_t *to, size_t length) {
    for (size_t i = 0; i < length; i++) to[i] = narrow(from[i]);
}

void parley_vector_from_half(const uint16_t *from, float *to, size_t length) {
    for (size_t i = 0; i < length; i++) to[i] = widen(from[i]);
}

static void scan_portable(const int8_t *rows, const float *scales, size_t count, size_t stride, const int8_t *query, float *out) {
    for (size_t row = 0; row < count; row++, rows += stride) {
        int32_t sum = 0;
        for (size_t i = 0; i < stride; i++) sum += (int32_t)rows[i] * query[i];
        out[row] = (float)sum * scales[row];
    }
}

static float dot_half_portable(const uint16_t *half, const float *query, size_t length) {
    // The lanes and the order of the kernel below, so that both give the same float.
    float lanes[32] = {0}, sums[8];
    for (size_t i = 0; i < length; i += 32)
        for (size_t lane = 0; lane < 32; lane++) lanes[lane] += widen(half[i + lane]) * query[i + lane];
    for (size_t lane = 0; lane < 8; lane++) sums[lane] = (lanes[lane] + lanes[lane + 8]) + (lanes[lane + 16] + lanes[lane + 24]);
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static int32_t total(__m256i sum) {
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    return _mm_cvtsi128_si32(_mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1)));
}

// |query| as unsigned times the row with the query's signs: two products of at most 127² fit the 16-bit sums.
__attribute__((target("avx2"))) static void scan_avx2(const int8_t *rows, const float *scales, size_t count, size_t stride,
                                                      const int8_t *query, float *out) {
    const __m256i ones = _mm256_set1_epi16(1);
    for (size_t row = 0; row < count; row++, rows += stride) {
        __m256i sum = _mm256_setzero_si256();
        for (size_t i = 0; i < stride; i += 32) {
            __m256i q = _mm256_loadu_si256((const __m256i *)(query + i));
            __m256i r = _mm256_loadu_si256((const __m256i *)(rows + i));
            __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(q), _mm256_sign_epi8(r, q));
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones));
        }
        out[row] = (float)total(sum) * scales[row];
    }
}

__attribute__((target("avx2,f16c"))) static __m256 product(const uint16_t *half, const float *query) {
    return _mm256_mul_ps(_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)half)), _mm256_loadu_ps(query));
}

__attribute__((target("avx2,f16c"))) static float dot_half_avx2(const uint16_t *half, const float *query, size_t length) {
    __m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;
    for (size_t i = 0; i < length; i += 32) {
        a = _mm256_add_ps(a, product(half + i, query + i));
        b = _mm256_add_ps(b, product(half + i + 8, query + i + 8));
        c = _mm256_add_ps(c, product(half + i + 16, query + i + 16));
        d = _mm256_add_ps(d, product(half + i + 24, query + i + 24));
    }
    __m256 sum = _mm256_add_ps(_mm256_add_ps(a, b), _mm256_add_ps(c, d));
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps(sum, 1));
    four = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_shuffle_ps(four, four, 1)));
}

int parley_vector_best_level(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c") ? parley_vector_avx2 : parley_vector_portable;
}

void parley_vector_scan(const int8_t *rows, const float *scales, size_t count, size_t stride,
                        const int8_t *query, float *out, int level) {
    if (level == parley_vector_avx2) scan_avx2(rows, scales, count, stride, query, out);
    else scan_portable(rows, scales, count, stride, query, out);
}

float parley_vector_dot_half(const uint16_t *half, const float *query, size_t length, int level) {
    return level == parley_vector_avx2 ? dot_half_avx2(half, query, length) : dot_half_portable(half, query, length);
}

#else

int parley_vector_best_level(void) { return parley_vector_portable; }

void parley_vector_scan(const int8_t *rows, const float *scales, size_t count, size_t stride,
                        const int8_t *query, float *out, int level) {
    (void)level;
    scan_portable(rows, scales, count, stride, query, out);
}

float parley_vector_dot_half(const uint16_t *half, const float *query, size_t length, int level) {
    (void)level;
    return dot_half_portable(half, query, length);
}

#endif
