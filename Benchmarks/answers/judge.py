"""What an answer is worth, by rules."""
import re
import unicodedata

DOUBT = "The documents may not hold"
OUTCOMES = ("right", "incomplete", "wrong as fact", "right, marked", "wrong, marked", "refused rightly", "refused wrongly")


def plain(text):
    """Without case, accents, kinds of dashes and white space."""
    text = unicodedata.normalize("NFKD", text.lower()).replace("–", "-").replace("—", "-")
    return " ".join("".join(each for each in text if unicodedata.category(each) != "Mn").split())


def stands(words, text):
    return re.search(rf"(?<!\w){re.escape(plain(words))}(?!\w)", text) is not None


def holds(text, question):
    """The share of what is expected that the text holds, as whole words."""
    text = plain(text)
    if question["all_of"]:
        return sum(stands(each, text) for each in question["all_of"]) / len(question["all_of"])
    return float(any(stands(each, text) for each in question["expected"]))


def shown(answer):
    """The answer's text without its sentences that are marked as not found, and the stance it is shown with."""
    grounding, scalars = answer["grounding"], list(answer["content"])
    if grounding["refused"]:
        return "", "refused"
    for check in grounding["sentences"]:
        if check["verdict"] == "not_found":
            scalars[check["from"]:check["to"]] = "\0" * (check["to"] - check["from"])
    doubted = grounding.get("stance") == "doubted" or answer["content"].startswith(DOUBT)
    borne = any(check["verdict"] == "supported" for check in grounding["sentences"])
    return "".join(scalars), "marked" if doubted or not borne else "answered"


def judged(answer, question):
    """One of OUTCOMES. What is shown without a mark for a question that the documents do not answer is wrong, true as it may be."""
    text, stance = shown(answer)
    answerable = bool(question["expected"] or question["all_of"])
    if stance == "refused":
        return "refused wrongly" if answerable else "refused rightly"
    share = holds(text, question) if answerable else 0
    if stance == "marked":
        return "right, marked" if share == 1 else "wrong, marked"
    return "right" if share == 1 else "incomplete" if share > 0 else "wrong as fact"
