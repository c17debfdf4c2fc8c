#include "CLanguage.h"

// CLD2's header names FILE and does not say where from.
#include <cstdio>
#include <cstring>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

const char *parley_language(const char *text, int length, const char *hint) {
    CLD2::CLDHints hints = {hint, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language languages[3];
    int percents[3];
    double scores[3];
    int bytes = 0;
    bool reliable = false;
    CLD2::Language language = CLD2::ExtDetectLanguageSummary(
        text, length, true, &hints, 0, languages, percents, scores, nullptr, &bytes, &reliable);
    if (!reliable || language == CLD2::UNKNOWN_LANGUAGE) return nullptr;
    const char *code = CLD2::LanguageCode(language);
    // Scripts of no one language have codes of this form.
    return std::strncmp(code, "xx", 2) == 0 ? nullptr : code;
}
