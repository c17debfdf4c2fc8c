// Written by script/embed-console.
#include "console_files.h"

static const unsigned char file_0[] = {
#embed "../Console/Files/favicon.svg"
};

static const unsigned char file_1[] = {
#embed "../Console/Files/index.html"
};

static const unsigned char file_2[] = {
#embed "../Console/Files/js/announce.js"
};

static const unsigned char file_3[] = {
#embed "../Console/Files/js/api.js"
};

static const unsigned char file_4[] = {
#embed "../Console/Files/js/app.js"
};

static const unsigned char file_5[] = {
#embed "../Console/Files/js/dialogs.js"
};

static const unsigned char file_6[] = {
#embed "../Console/Files/js/dom.js"
};

static const unsigned char file_7[] = {
#embed "../Console/Files/js/format.js"
};

static const unsigned char file_8[] = {
#embed "../Console/Files/js/forms.js"
};

static const unsigned char file_9[] = {
#embed "../Console/Files/js/icons.js"
};

static const unsigned char file_10[] = {
#embed "../Console/Files/js/markdown.js"
};

static const unsigned char file_11[] = {
#embed "../Console/Files/js/parts/answer-state.js"
};

static const unsigned char file_12[] = {
#embed "../Console/Files/js/parts/answer.js"
};

static const unsigned char file_13[] = {
#embed "../Console/Files/js/parts/bar.js"
};

static const unsigned char file_14[] = {
#embed "../Console/Files/js/parts/conversation.js"
};

static const unsigned char file_15[] = {
#embed "../Console/Files/js/parts/document-row.js"
};

static const unsigned char file_16[] = {
#embed "../Console/Files/js/parts/doorway.js"
};

static const unsigned char file_17[] = {
#embed "../Console/Files/js/parts/drop-zone.js"
};

static const unsigned char file_18[] = {
#embed "../Console/Files/js/parts/explanation.js"
};

static const unsigned char file_19[] = {
#embed "../Console/Files/js/parts/passages.js"
};

static const unsigned char file_20[] = {
#embed "../Console/Files/js/parts/project-frame.js"
};

static const unsigned char file_21[] = {
#embed "../Console/Files/js/parts/question-box.js"
};

static const unsigned char file_22[] = {
#embed "../Console/Files/js/parts/source-panel.js"
};

static const unsigned char file_23[] = {
#embed "../Console/Files/js/parts/source-text.js"
};

static const unsigned char file_24[] = {
#embed "../Console/Files/js/parts/thread-list.js"
};

static const unsigned char file_25[] = {
#embed "../Console/Files/js/problem.js"
};

static const unsigned char file_26[] = {
#embed "../Console/Files/js/router.js"
};

static const unsigned char file_27[] = {
#embed "../Console/Files/js/scalars.js"
};

static const unsigned char file_28[] = {
#embed "../Console/Files/js/session.js"
};

static const unsigned char file_29[] = {
#embed "../Console/Files/js/sse.js"
};

static const unsigned char file_30[] = {
#embed "../Console/Files/js/transport.js"
};

static const unsigned char file_31[] = {
#embed "../Console/Files/js/upload.js"
};

static const unsigned char file_32[] = {
#embed "../Console/Files/js/uploads.js"
};

static const unsigned char file_33[] = {
#embed "../Console/Files/js/views/ask.js"
};

static const unsigned char file_34[] = {
#embed "../Console/Files/js/views/documents.js"
};

static const unsigned char file_35[] = {
#embed "../Console/Files/js/views/projects.js"
};

static const unsigned char file_36[] = {
#embed "../Console/Files/js/views/search.js"
};

static const unsigned char file_37[] = {
#embed "../Console/Files/js/views/sign-in.js"
};

static const unsigned char file_38[] = {
#embed "../Console/Files/js/views/welcome.js"
};

static const unsigned char file_39[] = {
#embed "../Console/Files/styles/base.css"
};

static const unsigned char file_40[] = {
#embed "../Console/Files/styles/controls.css"
};

static const unsigned char file_41[] = {
#embed "../Console/Files/styles/conversation.css"
};

static const unsigned char file_42[] = {
#embed "../Console/Files/styles/documents.css"
};

static const unsigned char file_43[] = {
#embed "../Console/Files/styles/layout.css"
};

static const unsigned char file_44[] = {
#embed "../Console/Files/styles/source.css"
};

static const struct console_file files[] = {
    {"/favicon.svg", file_0, sizeof file_0},
    {"/index.html", file_1, sizeof file_1},
    {"/js/announce.js", file_2, sizeof file_2},
    {"/js/api.js", file_3, sizeof file_3},
    {"/js/app.js", file_4, sizeof file_4},
    {"/js/dialogs.js", file_5, sizeof file_5},
    {"/js/dom.js", file_6, sizeof file_6},
    {"/js/format.js", file_7, sizeof file_7},
    {"/js/forms.js", file_8, sizeof file_8},
    {"/js/icons.js", file_9, sizeof file_9},
    {"/js/markdown.js", file_10, sizeof file_10},
    {"/js/parts/answer-state.js", file_11, sizeof file_11},
    {"/js/parts/answer.js", file_12, sizeof file_12},
    {"/js/parts/bar.js", file_13, sizeof file_13},
    {"/js/parts/conversation.js", file_14, sizeof file_14},
    {"/js/parts/document-row.js", file_15, sizeof file_15},
    {"/js/parts/doorway.js", file_16, sizeof file_16},
    {"/js/parts/drop-zone.js", file_17, sizeof file_17},
    {"/js/parts/explanation.js", file_18, sizeof file_18},
    {"/js/parts/passages.js", file_19, sizeof file_19},
    {"/js/parts/project-frame.js", file_20, sizeof file_20},
    {"/js/parts/question-box.js", file_21, sizeof file_21},
    {"/js/parts/source-panel.js", file_22, sizeof file_22},
    {"/js/parts/source-text.js", file_23, sizeof file_23},
    {"/js/parts/thread-list.js", file_24, sizeof file_24},
    {"/js/problem.js", file_25, sizeof file_25},
    {"/js/router.js", file_26, sizeof file_26},
    {"/js/scalars.js", file_27, sizeof file_27},
    {"/js/session.js", file_28, sizeof file_28},
    {"/js/sse.js", file_29, sizeof file_29},
    {"/js/transport.js", file_30, sizeof file_30},
    {"/js/upload.js", file_31, sizeof file_31},
    {"/js/uploads.js", file_32, sizeof file_32},
    {"/js/views/ask.js", file_33, sizeof file_33},
    {"/js/views/documents.js", file_34, sizeof file_34},
    {"/js/views/projects.js", file_35, sizeof file_35},
    {"/js/views/search.js", file_36, sizeof file_36},
    {"/js/views/sign-in.js", file_37, sizeof file_37},
    {"/js/views/welcome.js", file_38, sizeof file_38},
    {"/styles/base.css", file_39, sizeof file_39},
    {"/styles/controls.css", file_40, sizeof file_40},
    {"/styles/conversation.css", file_41, sizeof file_41},
    {"/styles/documents.css", file_42, sizeof file_42},
    {"/styles/layout.css", file_43, sizeof file_43},
    {"/styles/source.css", file_44, sizeof file_44},
};

const struct console_file *console_files(int *count) {
    *count = 45;
    return files;
}
