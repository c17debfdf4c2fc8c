#pragma once
#include <stddef.h>
#include <stdint.h>

// A small door to the OpenVINO C API, opened with dlopen: builds need no OpenVINO, and its absence is an ordinary error.
// Every function that can fail takes a buffer for the error's text, which it fills (NUL-terminated) on failure alone.
// Nothing here is synchronised: one encoder or session belongs to one thread at a time; models and the runtime may be shared.

/// The loaded library and its core. The library stays mapped until the process ends: its thread pools outlive every model.
typedef struct openvino_runtime openvino_runtime;
/// A model compiled for the CPU. Must not outlive its runtime.
typedef struct openvino_model openvino_model;
/// One stateless inference request of a sentence encoder. Must not outlive its model.
typedef struct openvino_encoder openvino_encoder;
/// One sequence of a stateful causal model: the key/value cache lives in its inference request. Must not outlive its model.
/// The C API cannot reset or copy the cache: a new conversation is a new session.
typedef struct openvino_session openvino_session;

/// One output tensor of 32-bit floats.
typedef struct {
    const float *values;
    /// Number of floats.
    int64_t count;
    /// Size of the last dimension: the width of one row.
    int64_t width;
} openvino_output;

/// Loads `library` (libopenvino_c.so.…). NULL on failure.
openvino_runtime *openvino_runtime_open(const char *library, char *error, size_t error_size);
void openvino_runtime_close(openvino_runtime *);
/// The runtime's build, e.g. "2026.4.1-22982-…"; lives as long as the runtime.
const char *openvino_runtime_version(const openvino_runtime *);

/// Reads (.onnx, or .xml with its .bin beside it) and compiles a model. `properties` is a NULL-terminated list key, value, key, value, …
/// of at most 16 pairs, or NULL. NULL on failure.
openvino_model *openvino_model_open(
    const openvino_runtime *, const char *path, const char *const *properties, char *error, size_t error_size);
void openvino_model_close(openvino_model *);
/// 1 when the model has an input of this name.
int openvino_model_has_input(const openvino_model *, const char *name);

/// NULL on failure.
openvino_encoder *openvino_encoder_open(const openvino_model *, char *error, size_t error_size);
void openvino_encoder_close(openvino_encoder *);
/// Runs `batch` rows of `length` token ids; `ids`, `mask` and `types` hold batch * length numbers, `types` may be NULL.
/// `*output` is the output numbered `index`, valid until the next run. 0 on success.
int openvino_encoder_run(
    openvino_encoder *, int64_t batch, int64_t length, const int64_t *ids, const int64_t *mask, const int64_t *types, size_t index,
    openvino_output *output, char *error, size_t error_size);

/// NULL on failure.
openvino_session *openvino_session_open(const openvino_model *, char *error, size_t error_size);
void openvino_session_close(openvino_session *);
/// Appends `count` tokens; `*logits` is the row of the last position, valid until the next step. 0 on success.
/// The first step is padded on the left, masked, to a multiple of `bucket` tokens (1: not at all), since the CPU plugin keeps
/// memory for every distinct prompt length. A session whose step failed cannot go on.
int openvino_session_step(
    openvino_session *, const int64_t *ids, int64_t count, int64_t bucket, openvino_output *logits, char *error, size_t error_size);
/// Tokens appended so far, without padding.
int64_t openvino_session_length(const openvino_session *);
