#include "api.h"
#include <stdlib.h>
#include <string.h>

struct openvino_session {
    request request;
    int64_t length;    // tokens in the cache, padding included
    int64_t padding;   // masked tokens at its start
    int64_t capacity;  // of mask and positions
    int64_t *mask;
    int64_t *positions;
    int32_t beam;
    int failed;
};

openvino_session *openvino_session_open(const openvino_model *model, char *error, size_t error_size) {
    openvino_session *session = calloc(1, sizeof *session);
    if (!session) {
        openvino_fail(error, error_size, "out of memory");
        return NULL;
    }
    if (request_open(&session->request, model, error, error_size)) {
        openvino_session_close(session);
        return NULL;
    }
    return session;
}

void openvino_session_close(openvino_session *session) {
    if (!session) return;
    request_close(&session->request);
    free(session->mask);
    free(session->positions);
    free(session);
}

int64_t openvino_session_length(const openvino_session *session) {
    return session->length > session->padding ? session->length - session->padding : 0;
}

/// Makes room for `needed` entries of mask and positions. 0 on success.
static int reserve(openvino_session *session, int64_t needed) {
    if (needed <= session->capacity) return 0;
    int64_t capacity = session->capacity ? session->capacity : 256;
    while (capacity < needed) capacity *= 2;
    int64_t *mask = realloc(session->mask, (size_t)capacity * sizeof *mask);
    if (!mask) return -1;
    session->mask = mask;
    int64_t *positions = realloc(session->positions, (size_t)capacity * sizeof *positions);
    if (!positions) return -1;
    session->positions = positions;
    for (int64_t i = session->capacity; i < capacity; i++) {
        mask[i] = i >= session->padding;
        positions[i] = i < session->padding ? 0 : i - session->padding;
    }
    session->capacity = capacity;
    return 0;
}

static int append(
    openvino_session *session, const int64_t *ids, int64_t count, openvino_output *logits, char *error, size_t error_size) {
    request *request = &session->request;
    int64_t appended[2] = {1, count}, all[2] = {1, session->length + count}, one[1] = {1};
    int status = request_set(request, "input_ids", OV_I64, (ov_shape){2, appended}, ids);
    if (!status) status = request_set(request, "attention_mask", OV_I64, (ov_shape){2, all}, session->mask);
    if (!status)
        status = request_set(request, "position_ids", OV_I64, (ov_shape){2, appended}, session->positions + session->length);
    if (!status) status = request_set(request, "beam_idx", OV_I32, (ov_shape){1, one}, &session->beam);
    if (status) return openvino_fail_status(request->ov, status, error, error_size);
    if (request_run(request, 0, logits, error, error_size)) return -1;
    session->length += count;
    logits->values += logits->count - logits->width;  // the last position's row
    logits->count = logits->width;
    return 0;
}

int openvino_session_step(
    openvino_session *session, const int64_t *ids, int64_t count, int64_t bucket, openvino_output *logits, char *error,
    size_t error_size) {
    if (session->failed) return openvino_fail(error, error_size, "an earlier step of this session failed");
    if (count <= 0 || count > INT32_MAX || bucket > INT32_MAX)
        return openvino_fail(error, error_size, "the number of tokens is out of range");
    int64_t *padded = NULL;
    int64_t padding = session->length == 0 && bucket > 1 ? (bucket - count % bucket) % bucket : 0;
    if (padding) {
        padded = calloc((size_t)(count + padding), sizeof *padded);
        if (!padded) return openvino_fail(error, error_size, "out of memory");
        memcpy(padded + padding, ids, (size_t)count * sizeof *padded);
        session->padding = padding;
        ids = padded;
        count += padding;
    }
    int result = reserve(session, session->length + count)
                     ? openvino_fail(error, error_size, "out of memory")
                     : append(session, ids, count, logits, error, error_size);
    session->failed = result != 0;
    free(padded);
    return result;
}
