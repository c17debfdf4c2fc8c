"""Runs the snippets of the guide in docs/api/ against a server, as a reader would: one page after the other, each from top to bottom.

    run.py ADDRESS EMAIL PASSWORD PAGE…

A page's fenced blocks in `bash` or in `python` are one program. What a comment `<!-- prints: TEXT -->` after a block tells must stand in what
that block printed. Blocks in `console` are shown and not run.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(bash|python)\n(.*?)^```\n(?:<!-- prints: (.*?) -->\n)?", re.MULTILINE | re.DOTALL)
MARK = "----- the end of snippet"


def program(language, blocks):
    """The blocks with a line printed after each, so that it is known which block printed what."""
    say = {"bash": "echo '{}'\n", "python": "print('{}', flush=True)\n"}[language]
    head = "set -euo pipefail\n" if language == "bash" else ""
    return head + "".join(text + say.format(f"{MARK} {number}") for number, (text, _) in enumerate(blocks))


def run(page, environment):
    found = BLOCK.findall(page.read_text("utf-8"))
    languages = {language for language, _, _ in found}
    if len(languages) != 1:
        return [f"{page.name}: its snippets should be in one language, not in {sorted(languages)}"]
    language = languages.pop()
    blocks = [(text, expected) for _, text, expected in found]
    with tempfile.TemporaryDirectory() as folder:
        command = ["bash", "-c"] if language == "bash" else [sys.executable, "-c"]
        result = subprocess.run(
            [*command, program(language, blocks)], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
        )
    printed = re.split(rf"{MARK} \d+\n", result.stdout)
    wrong = []
    if result.returncode != 0:
        wrong.append(f"{page.name}: snippet {len(printed)} failed:\n{blocks[min(len(printed), len(blocks)) - 1][0]}{result.stderr[-2000:]}")
    for number, ((text, expected), output) in enumerate(zip(blocks, printed), 1):
        if expected and expected not in output:
            wrong.append(f"{page.name}: snippet {number} should print {expected!r}, but printed:\n{output}{text}")
    print(f"{page.name}: {len(blocks)} snippets")
    return wrong


def main():
    address, email, password, *pages = sys.argv[1:]
    environment = {**os.environ, "SERVER": address, "EMAIL": email, "PASSWORD": password, "PYTHONUNBUFFERED": "1"}
    wrong = [one for page in pages for one in run(pathlib.Path(page), environment)]
    print("\n".join(wrong), file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
