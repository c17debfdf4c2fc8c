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
#embed "../Console/Files/js/api-management.js"
};

static const unsigned char file_4[] = {
#embed "../Console/Files/js/api-models.js"
};

static const unsigned char file_5[] = {
#embed "../Console/Files/js/api.js"
};

static const unsigned char file_6[] = {
#embed "../Console/Files/js/app.js"
};

static const unsigned char file_7[] = {
#embed "../Console/Files/js/connection.js"
};

static const unsigned char file_8[] = {
#embed "../Console/Files/js/dialogs.js"
};

static const unsigned char file_9[] = {
#embed "../Console/Files/js/dom.js"
};

static const unsigned char file_10[] = {
#embed "../Console/Files/js/drafts.js"
};

static const unsigned char file_11[] = {
#embed "../Console/Files/js/files.js"
};

static const unsigned char file_12[] = {
#embed "../Console/Files/js/format.js"
};

static const unsigned char file_13[] = {
#embed "../Console/Files/js/forms.js"
};

static const unsigned char file_14[] = {
#embed "../Console/Files/js/icons.js"
};

static const unsigned char file_15[] = {
#embed "../Console/Files/js/keys.js"
};

static const unsigned char file_16[] = {
#embed "../Console/Files/js/leave.js"
};

static const unsigned char file_17[] = {
#embed "../Console/Files/js/markdown.js"
};

static const unsigned char file_18[] = {
#embed "../Console/Files/js/parts/added-files.js"
};

static const unsigned char file_19[] = {
#embed "../Console/Files/js/parts/answer-actions.js"
};

static const unsigned char file_20[] = {
#embed "../Console/Files/js/parts/answer-state.js"
};

static const unsigned char file_21[] = {
#embed "../Console/Files/js/parts/answer.js"
};

static const unsigned char file_22[] = {
#embed "../Console/Files/js/parts/api-keys.js"
};

static const unsigned char file_23[] = {
#embed "../Console/Files/js/parts/bar.js"
};

static const unsigned char file_24[] = {
#embed "../Console/Files/js/parts/branch-switch.js"
};

static const unsigned char file_25[] = {
#embed "../Console/Files/js/parts/conversation.js"
};

static const unsigned char file_26[] = {
#embed "../Console/Files/js/parts/document-row.js"
};

static const unsigned char file_27[] = {
#embed "../Console/Files/js/parts/document-tools.js"
};

static const unsigned char file_28[] = {
#embed "../Console/Files/js/parts/doorway.js"
};

static const unsigned char file_29[] = {
#embed "../Console/Files/js/parts/drop-target.js"
};

static const unsigned char file_30[] = {
#embed "../Console/Files/js/parts/drop-zone.js"
};

static const unsigned char file_31[] = {
#embed "../Console/Files/js/parts/explanation.js"
};

static const unsigned char file_32[] = {
#embed "../Console/Files/js/parts/export-dialog.js"
};

static const unsigned char file_33[] = {
#embed "../Console/Files/js/parts/feedback.js"
};

static const unsigned char file_34[] = {
#embed "../Console/Files/js/parts/loading.js"
};

static const unsigned char file_35[] = {
#embed "../Console/Files/js/parts/message-tree.js"
};

static const unsigned char file_36[] = {
#embed "../Console/Files/js/parts/models.js"
};

static const unsigned char file_37[] = {
#embed "../Console/Files/js/parts/own-password.js"
};

static const unsigned char file_38[] = {
#embed "../Console/Files/js/parts/palette.js"
};

static const unsigned char file_39[] = {
#embed "../Console/Files/js/parts/passages.js"
};

static const unsigned char file_40[] = {
#embed "../Console/Files/js/parts/people.js"
};

static const unsigned char file_41[] = {
#embed "../Console/Files/js/parts/project-card.js"
};

static const unsigned char file_42[] = {
#embed "../Console/Files/js/parts/project-frame.js"
};

static const unsigned char file_43[] = {
#embed "../Console/Files/js/parts/question-box.js"
};

static const unsigned char file_44[] = {
#embed "../Console/Files/js/parts/question.js"
};

static const unsigned char file_45[] = {
#embed "../Console/Files/js/parts/quota.js"
};

static const unsigned char file_46[] = {
#embed "../Console/Files/js/parts/secret-box.js"
};

static const unsigned char file_47[] = {
#embed "../Console/Files/js/parts/source-panel.js"
};

static const unsigned char file_48[] = {
#embed "../Console/Files/js/parts/source-text.js"
};

static const unsigned char file_49[] = {
#embed "../Console/Files/js/parts/table.js"
};

static const unsigned char file_50[] = {
#embed "../Console/Files/js/parts/thread-import.js"
};

static const unsigned char file_51[] = {
#embed "../Console/Files/js/parts/thread-keys.js"
};

static const unsigned char file_52[] = {
#embed "../Console/Files/js/parts/thread-list.js"
};

static const unsigned char file_53[] = {
#embed "../Console/Files/js/parts/usage-table.js"
};

static const unsigned char file_54[] = {
#embed "../Console/Files/js/parts/versioned-form.js"
};

static const unsigned char file_55[] = {
#embed "../Console/Files/js/pins.js"
};

static const unsigned char file_56[] = {
#embed "../Console/Files/js/problem.js"
};

static const unsigned char file_57[] = {
#embed "../Console/Files/js/router.js"
};

static const unsigned char file_58[] = {
#embed "../Console/Files/js/save-file.js"
};

static const unsigned char file_59[] = {
#embed "../Console/Files/js/scalars.js"
};

static const unsigned char file_60[] = {
#embed "../Console/Files/js/session.js"
};

static const unsigned char file_61[] = {
#embed "../Console/Files/js/settings/answers.js"
};

static const unsigned char file_62[] = {
#embed "../Console/Files/js/settings/delivery.js"
};

static const unsigned char file_63[] = {
#embed "../Console/Files/js/settings/gate.js"
};

static const unsigned char file_64[] = {
#embed "../Console/Files/js/settings/general.js"
};

static const unsigned char file_65[] = {
#embed "../Console/Files/js/settings/members.js"
};

static const unsigned char file_66[] = {
#embed "../Console/Files/js/settings/question-set.js"
};

static const unsigned char file_67[] = {
#embed "../Console/Files/js/settings/questions.js"
};

static const unsigned char file_68[] = {
#embed "../Console/Files/js/settings/run-comparison.js"
};

static const unsigned char file_69[] = {
#embed "../Console/Files/js/settings/usage.js"
};

static const unsigned char file_70[] = {
#embed "../Console/Files/js/settings/webhook-events.js"
};

static const unsigned char file_71[] = {
#embed "../Console/Files/js/settings/webhook.js"
};

static const unsigned char file_72[] = {
#embed "../Console/Files/js/settings/webhooks.js"
};

static const unsigned char file_73[] = {
#embed "../Console/Files/js/shortcuts.js"
};

static const unsigned char file_74[] = {
#embed "../Console/Files/js/sse.js"
};

static const unsigned char file_75[] = {
#embed "../Console/Files/js/theme.js"
};

static const unsigned char file_76[] = {
#embed "../Console/Files/js/transport.js"
};

static const unsigned char file_77[] = {
#embed "../Console/Files/js/upload.js"
};

static const unsigned char file_78[] = {
#embed "../Console/Files/js/uploads.js"
};

static const unsigned char file_79[] = {
#embed "../Console/Files/js/views/account.js"
};

static const unsigned char file_80[] = {
#embed "../Console/Files/js/views/ask.js"
};

static const unsigned char file_81[] = {
#embed "../Console/Files/js/views/documents.js"
};

static const unsigned char file_82[] = {
#embed "../Console/Files/js/views/explain.js"
};

static const unsigned char file_83[] = {
#embed "../Console/Files/js/views/installation.js"
};

static const unsigned char file_84[] = {
#embed "../Console/Files/js/views/projects.js"
};

static const unsigned char file_85[] = {
#embed "../Console/Files/js/views/search.js"
};

static const unsigned char file_86[] = {
#embed "../Console/Files/js/views/settings.js"
};

static const unsigned char file_87[] = {
#embed "../Console/Files/js/views/sign-in.js"
};

static const unsigned char file_88[] = {
#embed "../Console/Files/js/views/welcome.js"
};

static const unsigned char file_89[] = {
#embed "../Console/Files/styles/base.css"
};

static const unsigned char file_90[] = {
#embed "../Console/Files/styles/controls.css"
};

static const unsigned char file_91[] = {
#embed "../Console/Files/styles/conversation.css"
};

static const unsigned char file_92[] = {
#embed "../Console/Files/styles/documents.css"
};

static const unsigned char file_93[] = {
#embed "../Console/Files/styles/feedback.css"
};

static const unsigned char file_94[] = {
#embed "../Console/Files/styles/layout.css"
};

static const unsigned char file_95[] = {
#embed "../Console/Files/styles/management.css"
};

static const unsigned char file_96[] = {
#embed "../Console/Files/styles/source.css"
};

static const struct console_file files[] = {
    {"/favicon.svg", file_0, sizeof file_0},
    {"/index.html", file_1, sizeof file_1},
    {"/js/announce.js", file_2, sizeof file_2},
    {"/js/api-management.js", file_3, sizeof file_3},
    {"/js/api-models.js", file_4, sizeof file_4},
    {"/js/api.js", file_5, sizeof file_5},
    {"/js/app.js", file_6, sizeof file_6},
    {"/js/connection.js", file_7, sizeof file_7},
    {"/js/dialogs.js", file_8, sizeof file_8},
    {"/js/dom.js", file_9, sizeof file_9},
    {"/js/drafts.js", file_10, sizeof file_10},
    {"/js/files.js", file_11, sizeof file_11},
    {"/js/format.js", file_12, sizeof file_12},
    {"/js/forms.js", file_13, sizeof file_13},
    {"/js/icons.js", file_14, sizeof file_14},
    {"/js/keys.js", file_15, sizeof file_15},
    {"/js/leave.js", file_16, sizeof file_16},
    {"/js/markdown.js", file_17, sizeof file_17},
    {"/js/parts/added-files.js", file_18, sizeof file_18},
    {"/js/parts/answer-actions.js", file_19, sizeof file_19},
    {"/js/parts/answer-state.js", file_20, sizeof file_20},
    {"/js/parts/answer.js", file_21, sizeof file_21},
    {"/js/parts/api-keys.js", file_22, sizeof file_22},
    {"/js/parts/bar.js", file_23, sizeof file_23},
    {"/js/parts/branch-switch.js", file_24, sizeof file_24},
    {"/js/parts/conversation.js", file_25, sizeof file_25},
    {"/js/parts/document-row.js", file_26, sizeof file_26},
    {"/js/parts/document-tools.js", file_27, sizeof file_27},
    {"/js/parts/doorway.js", file_28, sizeof file_28},
    {"/js/parts/drop-target.js", file_29, sizeof file_29},
    {"/js/parts/drop-zone.js", file_30, sizeof file_30},
    {"/js/parts/explanation.js", file_31, sizeof file_31},
    {"/js/parts/export-dialog.js", file_32, sizeof file_32},
    {"/js/parts/feedback.js", file_33, sizeof file_33},
    {"/js/parts/loading.js", file_34, sizeof file_34},
    {"/js/parts/message-tree.js", file_35, sizeof file_35},
    {"/js/parts/models.js", file_36, sizeof file_36},
    {"/js/parts/own-password.js", file_37, sizeof file_37},
    {"/js/parts/palette.js", file_38, sizeof file_38},
    {"/js/parts/passages.js", file_39, sizeof file_39},
    {"/js/parts/people.js", file_40, sizeof file_40},
    {"/js/parts/project-card.js", file_41, sizeof file_41},
    {"/js/parts/project-frame.js", file_42, sizeof file_42},
    {"/js/parts/question-box.js", file_43, sizeof file_43},
    {"/js/parts/question.js", file_44, sizeof file_44},
    {"/js/parts/quota.js", file_45, sizeof file_45},
    {"/js/parts/secret-box.js", file_46, sizeof file_46},
    {"/js/parts/source-panel.js", file_47, sizeof file_47},
    {"/js/parts/source-text.js", file_48, sizeof file_48},
    {"/js/parts/table.js", file_49, sizeof file_49},
    {"/js/parts/thread-import.js", file_50, sizeof file_50},
    {"/js/parts/thread-keys.js", file_51, sizeof file_51},
    {"/js/parts/thread-list.js", file_52, sizeof file_52},
    {"/js/parts/usage-table.js", file_53, sizeof file_53},
    {"/js/parts/versioned-form.js", file_54, sizeof file_54},
    {"/js/pins.js", file_55, sizeof file_55},
    {"/js/problem.js", file_56, sizeof file_56},
    {"/js/router.js", file_57, sizeof file_57},
    {"/js/save-file.js", file_58, sizeof file_58},
    {"/js/scalars.js", file_59, sizeof file_59},
    {"/js/session.js", file_60, sizeof file_60},
    {"/js/settings/answers.js", file_61, sizeof file_61},
    {"/js/settings/delivery.js", file_62, sizeof file_62},
    {"/js/settings/gate.js", file_63, sizeof file_63},
    {"/js/settings/general.js", file_64, sizeof file_64},
    {"/js/settings/members.js", file_65, sizeof file_65},
    {"/js/settings/question-set.js", file_66, sizeof file_66},
    {"/js/settings/questions.js", file_67, sizeof file_67},
    {"/js/settings/run-comparison.js", file_68, sizeof file_68},
    {"/js/settings/usage.js", file_69, sizeof file_69},
    {"/js/settings/webhook-events.js", file_70, sizeof file_70},
    {"/js/settings/webhook.js", file_71, sizeof file_71},
    {"/js/settings/webhooks.js", file_72, sizeof file_72},
    {"/js/shortcuts.js", file_73, sizeof file_73},
    {"/js/sse.js", file_74, sizeof file_74},
    {"/js/theme.js", file_75, sizeof file_75},
    {"/js/transport.js", file_76, sizeof file_76},
    {"/js/upload.js", file_77, sizeof file_77},
    {"/js/uploads.js", file_78, sizeof file_78},
    {"/js/views/account.js", file_79, sizeof file_79},
    {"/js/views/ask.js", file_80, sizeof file_80},
    {"/js/views/documents.js", file_81, sizeof file_81},
    {"/js/views/explain.js", file_82, sizeof file_82},
    {"/js/views/installation.js", file_83, sizeof file_83},
    {"/js/views/projects.js", file_84, sizeof file_84},
    {"/js/views/search.js", file_85, sizeof file_85},
    {"/js/views/settings.js", file_86, sizeof file_86},
    {"/js/views/sign-in.js", file_87, sizeof file_87},
    {"/js/views/welcome.js", file_88, sizeof file_88},
    {"/styles/base.css", file_89, sizeof file_89},
    {"/styles/controls.css", file_90, sizeof file_90},
    {"/styles/conversation.css", file_91, sizeof file_91},
    {"/styles/documents.css", file_92, sizeof file_92},
    {"/styles/feedback.css", file_93, sizeof file_93},
    {"/styles/layout.css", file_94, sizeof file_94},
    {"/styles/management.css", file_95, sizeof file_95},
    {"/styles/source.css", file_96, sizeof file_96},
};

const struct console_file *console_files(int *count) {
    *count = 97;
    return files;
}
