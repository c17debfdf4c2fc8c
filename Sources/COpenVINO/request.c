#include "api.h"

int request_open(request *request, const openvino_model *model, char *error, size_t error_size) {
    request->ov = model->ov;
    int status = model->ov->ov_compiled_model_create_infer_request(model->compiled, &request->handle);
    return status ? openvino_fail_status(model->ov, status, error, error_size) : 0;
}

static void release_output(request *request) {
    if (request->output) request->ov->ov_tensor_free(request->output);
    request->output = NULL;
}

void request_close(request *request) {
    release_output(request);
    if (request->handle) request->ov->ov_infer_request_free(request->handle);
    request->handle = NULL;
}

int request_set(request *request, const char *name, int type, ov_shape shape, const void *values) {
    void *tensor = NULL;
    int status = request->ov->ov_tensor_create_from_host_ptr(type, shape, (void *)values, &tensor);
    if (!status) status = request->ov->ov_infer_request_set_tensor(request->handle, name, tensor);
    if (tensor) request->ov->ov_tensor_free(tensor);  // the request keeps its own reference
    return status;
}

static int read_output(request *request, openvino_output *output, char *error, size_t error_size) {
    const openvino_runtime *ov = request->ov;
    int type = 0;
    size_t count = 0;
    ov_shape shape = {0};
    void *values = NULL;
    int status = ov->ov_tensor_get_element_type(request->output, &type);
    if (!status) status = ov->ov_tensor_get_size(request->output, &count);
    if (!status) status = ov->ov_tensor_data(request->output, &values);
    if (!status) status = ov->ov_tensor_get_shape(request->output, &shape);
    if (status) return openvino_fail_status(ov, status, error, error_size);
    *output = (openvino_output){values, (int64_t)count, shape.rank > 0 ? shape.dims[shape.rank - 1] : 0};
    ov->ov_shape_free(&shape);
    if (type != OV_F32) return openvino_fail(error, error_size, "the model's output is not of 32-bit floats");
    if (output->width <= 0 || output->count < output->width) return openvino_fail(error, error_size, "the model's output is empty");
    return 0;
}

int request_run(request *request, size_t index, openvino_output *output, char *error, size_t error_size) {
    const openvino_runtime *ov = request->ov;
    release_output(request);
    int status = ov->ov_infer_request_infer(request->handle);
    if (!status) status = ov->ov_infer_request_get_output_tensor_by_index(request->handle, index, &request->output);
    if (status) return openvino_fail_status(ov, status, error, error_size);
    return read_output(request, output, error, error_size);
}
