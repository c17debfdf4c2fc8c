#pragma once
#include "openvino_shim.h"

// The part of OpenVINO's C API (openvino/c/*.h of release 2026.4) that the shim calls.

typedef struct { int64_t rank; int64_t *dims; } ov_shape;
typedef struct { const char *key; const char *value; } ov_property;
typedef struct { const char *build; const char *description; } ov_version;
enum { OV_F32 = 4, OV_I32 = 9, OV_I64 = 10 };

#define OPENVINO_FUNCTIONS(X) \
    X(const char *, ov_get_last_err_msg, (void)) \
    X(int, ov_get_openvino_version, (ov_version *)) \
    X(void, ov_version_free, (ov_version *)) \
    X(int, ov_core_create, (void **)) \
    X(void, ov_core_free, (void *)) \
    X(int, ov_core_read_model, (const void *, const char *, const char *, void **)) \
    X(int, ov_core_compile_model_props, (const void *, const void *, const char *, size_t, const ov_property *, void **)) \
    X(void, ov_model_free, (void *)) \
    X(void, ov_compiled_model_free, (void *)) \
    X(int, ov_compiled_model_input_by_name, (const void *, const char *, void **)) \
    X(void, ov_output_const_port_free, (void *)) \
    X(int, ov_compiled_model_create_infer_request, (const void *, void **)) \
    X(void, ov_infer_request_free, (void *)) \
    X(int, ov_infer_request_infer, (void *)) \
    X(int, ov_infer_request_set_tensor, (void *, const char *, const void *)) \
    X(int, ov_infer_request_get_output_tensor_by_index, (const void *, size_t, void **)) \
    X(int, ov_tensor_create_from_host_ptr, (int, ov_shape, void *, void **)) \
    X(int, ov_tensor_get_element_type, (const void *, int *)) \
    X(int, ov_tensor_get_shape, (const void *, ov_shape *)) \
    X(int, ov_tensor_get_size, (const void *, size_t *)) \
    X(int, ov_tensor_data, (const void *, void **)) \
    X(int, ov_shape_free, (ov_shape *)) \
    X(void, ov_tensor_free, (void *))

struct openvino_runtime {
#define OPENVINO_FIELD(result, name, arguments) result(*name) arguments;
    OPENVINO_FUNCTIONS(OPENVINO_FIELD)
#undef OPENVINO_FIELD
    void *library;
    void *core;
    char version[128];
};

struct openvino_model {
    const openvino_runtime *ov;
    void *compiled;
};

/// An inference request and the output it gave last, which is held so that its memory stays valid.
typedef struct {
    const openvino_runtime *ov;
    void *handle;
    void *output;
} request;

/// Writes `text` as the error; always answers -1.
int openvino_fail(char *error, size_t size, const char *text);
/// Writes the library's own words for the failure `status`; always answers -1.
int openvino_fail_status(const openvino_runtime *, int status, char *error, size_t size);

int request_open(request *, const openvino_model *, char *error, size_t error_size);
void request_close(request *);
/// Gives the request a tensor over memory that must live until the next run has ended. Answers OpenVINO's status.
int request_set(request *, const char *name, int type, ov_shape, const void *values);
/// Runs the request and fills `*output` from the output numbered `index`. 0 on success.
int request_run(request *, size_t index, openvino_output *output, char *error, size_t error_size);
