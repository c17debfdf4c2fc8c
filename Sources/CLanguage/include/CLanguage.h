#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// The language of a text in UTF-8 by CLD2, as an ISO 639-1 code where there is one, such as "de" or "zh-Hant".
/// `hint` is the code of a language that is likely, or NULL. Returns NULL where no language is reliably told; the string is static.
const char *parley_language(const char *text, int length, const char *hint);

#ifdef __cplusplus
}
#endif
