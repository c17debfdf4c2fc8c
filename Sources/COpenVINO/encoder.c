#include "api.h"
#include <stdlib.h>

struct openvino_encoder {
    request request;
    int has_types;
};

openvino_encoder *openvino_encoder_open(const openvino_model *model, char *error, size_t error_size) {
    openvino_encoder *encoder = calloc(1, sizeof *encoder);
    if (!encoder) {
        openvino_fail(error, error_size, "out of memory");
        return NULL;
    }
    encoder->has_types = openvino_model_has_input(model, "token_type_ids");
    if (request_open(&encoder->request, model, error, error_size)) {
        openvino_encoder_close(encoder);
        return NULL;
    }
    return encoder;
}

void openvino_encoder_close(openvino_encoder *encoder) {
    if (!encoder) return;
    request_close(&encoder->request);
    free(encoder);
}

int openvino_encoder_run(
    openvino_encoder *encoder, int64_t batch, int64_t length, const int64_t *ids, const int64_t *mask, const int64_t *types, size_t index,
    openvino_output *output, char *error, size_t error_size) {
    if (batch <= 0 || length <= 0) return openvino_fail(error, error_size, "there are no tokens to encode");
    if (encoder->has_types && !types) return openvino_fail(error, error_size, "the model needs token_type_ids");
    int64_t dims[2] = {batch, length};
    ov_shape shape = {2, dims};
    request *request = &encoder->request;
    int status = request_set(request, "input_ids", OV_I64, shape, ids);
    if (!status) status = request_set(request, "attention_mask", OV_I64, shape, mask);
    if (!status && encoder->has_types) status = request_set(request, "token_type_ids", OV_I64, shape, types);
    if (status) return openvino_fail_status(request->ov, status, error, error_size);
    return request_run(request, index, output, error, error_size);
}
