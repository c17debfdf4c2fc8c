#include "api.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int openvino_fail(char *error, size_t size, const char *text) {
    if (error && size) snprintf(error, size, "%s", text ? text : "unknown error");
    return -1;
}

int openvino_fail_status(const openvino_runtime *ov, int status, char *error, size_t size) {
    const char *text = ov->ov_get_last_err_msg();
    if (error && size) snprintf(error, size, "%s (status %d)", text && *text ? text : "OpenVINO gave no reason", status);
    return -1;
}

static int load_functions(openvino_runtime *ov, char *error, size_t error_size) {
#define OPENVINO_LOAD(result, name, arguments) \
    if (!(ov->name = (result(*) arguments)dlsym(ov->library, #name))) \
        return openvino_fail(error, error_size, "the library has no function " #name);
    OPENVINO_FUNCTIONS(OPENVINO_LOAD)
#undef OPENVINO_LOAD
    return 0;
}

static void read_version(openvino_runtime *ov) {
    ov_version version = {0};
    if (ov->ov_get_openvino_version(&version)) return;
    snprintf(ov->version, sizeof ov->version, "%s", version.build ? version.build : "");
    ov->ov_version_free(&version);
}

openvino_runtime *openvino_runtime_open(const char *library, char *error, size_t error_size) {
    openvino_runtime *ov = calloc(1, sizeof *ov);
    if (!ov) {
        openvino_fail(error, error_size, "out of memory");
        return NULL;
    }
    ov->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!ov->library) {
        openvino_fail(error, error_size, dlerror());
        free(ov);
        return NULL;
    }
    if (load_functions(ov, error, error_size)) {
        dlclose(ov->library);
        free(ov);
        return NULL;
    }
    int status = ov->ov_core_create(&ov->core);
    if (status) {
        openvino_fail_status(ov, status, error, error_size);
        openvino_runtime_close(ov);
        return NULL;
    }
    read_version(ov);
    return ov;
}

void openvino_runtime_close(openvino_runtime *ov) {
    if (!ov) return;
    if (ov->core) ov->ov_core_free(ov->core);
    free(ov);
}

const char *openvino_runtime_version(const openvino_runtime *ov) { return ov->version; }

openvino_model *openvino_model_open(
    const openvino_runtime *ov, const char *path, const char *const *properties, char *error, size_t error_size) {
    ov_property pairs[16];
    size_t count = 0;
    for (const char *const *entry = properties; entry && entry[0] && entry[1]; entry += 2) {
        if (count == sizeof pairs / sizeof *pairs) {
            openvino_fail(error, error_size, "more than 16 properties");
            return NULL;
        }
        pairs[count++] = (ov_property){entry[0], entry[1]};
    }
    openvino_model *model = calloc(1, sizeof *model);
    if (!model) {
        openvino_fail(error, error_size, "out of memory");
        return NULL;
    }
    model->ov = ov;
    void *source = NULL;
    int status = ov->ov_core_read_model(ov->core, path, NULL, &source);
    if (!status) status = ov->ov_core_compile_model_props(ov->core, source, "CPU", count, pairs, &model->compiled);
    if (status) openvino_fail_status(ov, status, error, error_size);
    if (source) ov->ov_model_free(source);
    if (status) {
        openvino_model_close(model);
        return NULL;
    }
    return model;
}

void openvino_model_close(openvino_model *model) {
    if (!model) return;
    if (model->compiled) model->ov->ov_compiled_model_free(model->compiled);
    free(model);
}

int openvino_model_has_input(const openvino_model *model, const char *name) {
    void *port = NULL;
    int found = !model->ov->ov_compiled_model_input_by_name(model->compiled, name, &port);
    if (port) model->ov->ov_output_const_port_free(port);
    return found;
}
