#!/usr/bin/env python3
"""Whether the excerpts in docs/clients.md are what stands in the examples: excerpts.py FOLDER_OF_THE_REPOSITORY

`<!-- FILE: NAME -->` stands before a block of code, which is the lines of FILE between `// [NAME]` and `// [/NAME]`.
UPDATE_GOLDEN=1 brings the page up to date.
"""
import os
import re
import sys
import textwrap

os.chdir(sys.argv[1])
PAGE = "docs/clients.md"


def excerpt(file, name):
    with open(file, encoding="utf-8") as source:
        found = re.search(rf"^ *// \[{name}\]\n(.*?)^ *// \[/{name}\]\n", source.read(), re.MULTILINE | re.DOTALL)
    if not found:
        sys.exit(f"{PAGE}: {file} has no lines between // [{name}] and // [/{name}]")
    return textwrap.dedent(found.group(1))


with open(PAGE, encoding="utf-8") as page:
    old = page.read()
pattern = re.compile(r"(<!-- (\S+): (\S+) -->\n```\w+\n)(.*?)(^```$)", re.MULTILINE | re.DOTALL)
new, count = pattern.subn(lambda found: found.group(1) + excerpt(found.group(2), found.group(3)) + found.group(5), old)
if count == 0:
    sys.exit(f"{PAGE} has no excerpts")
if new != old and os.environ.get("UPDATE_GOLDEN"):
    with open(PAGE, "w", encoding="utf-8") as page:
        page.write(new)
elif new != old:
    sys.exit(f"{PAGE}: an excerpt is not what stands in the example; UPDATE_GOLDEN=1 brings it up to date")
print(f"{count} excerpts")
