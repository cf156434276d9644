#!/usr/bin/env python3
"""Compares tests/api/methods.md, which test shows what of each method of the API, with what the tests in tests/api showed when they ran.

    scripts/api_methods.py API_TEST RECORDS                   ends with 1 when the table is not what was recorded, and shows the difference
    UPDATE_GOLDEN=1 scripts/api_methods.py API_TEST RECORDS   writes the table

API_TEST is the test program, RECORDS the folder in which it has left a file for each test (tests/api/call_recorder.h). Ends with 1 as well
when something that a method's comment promises is shown by no test, when a test got a reason that the method's comment does not name, and
when a comment names a code without a reason, or with one that is not its own. Ends with 77 when some of the tests have not run since the program was built.
"""
import argparse
import difflib
import os
import re
import subprocess
import sys
from pathlib import Path

import api_docs
from api_docs import ROOT, Wrong

TABLE = ROOT / "tests/api/methods.md"
SKIPPED = 77
WORD = r"\b[A-Z]+(?:_[A-Z]+)*\b"  # as codes and reasons are written

# The tests that try every method of the descriptors, and what they show.
EVERY_METHOD = {
    "deadline and cancel": "every method: a call without time, and one that is given up, end at once, and harm nobody",
    "permission": "access: each role may call what its line in the table says, and no more",
    "bytes that are no request": "every method: bytes that are no request are refused, and blamed",
    "maintenance": "every method: under maintenance those that change something are refused, and no others",
}

# Whose tests stand in other files than those that are called as the service is.
OTHER_FILES = {
    "event": ("watch_",),
    "list": ("lists_and_views_",),
    "notification": ("delivery_", "watch_"),
    "script": ("deployments_", "runs_"),
    "user": ("task_",),
    "view": ("lists_and_views_",),
}


class Test:
    """A test that ran, and for each method it called what it saw of it: `answered`, `repeated`, `refused REASON`, `shown REASON`."""

    def __init__(self, path):
        head, *facts = path.read_text().splitlines()
        self.name, self.file, line = head.split("\t")
        self.line = int(line)
        self.facts = {}
        for fact in facts:
            method, what = fact.split("\t")
            self.facts.setdefault(method, set()).add(what)

    def cell(self):
        return f"{self.name.replace('|', chr(92) + '|')} (`{self.file}`)"


def read_tests(program, folder):
    """All tests of the program, as they ran; nothing when some have not run since it was built."""
    listed = subprocess.run([program, "--list-test-names-only"], capture_output=True, text=True, check=False).stdout.splitlines()
    built = Path(program).stat().st_mtime
    tests = {}
    for path in folder.glob("*.tsv"):
        if path.stat().st_mtime >= built:
            test = Test(path)
            tests[test.name] = test
    names = {name.strip() for name in listed if name.strip()}
    return [tests[name] for name in sorted(names)] if names <= tests.keys() else None


class Promises:
    """What the comments say: `reasons(method)`, and `common`, those that any call may end with."""

    def __init__(self, api):
        self.api = api
        self.wrong = []
        self.methods = {method.name: method for service in api.services for method in service.parts}
        self.short = {}
        for name in self.methods:
            self.short.setdefault(name.rsplit(".", 1)[-1], name)
        things = [thing for file in api.files.values() for of in file.types for thing in (of, *of.parts)]
        self.fields = {thing.name: thing for thing in things if thing.kind == "field"}
        self.messages = {thing.name: thing for thing in things if thing.kind == "message"}
        rows = re.findall(r'<a id="(\w+)"></a>`\w+` \| ([\w, ]+) \|', (ROOT / "docs/errors.md").read_text())
        self.codes = {reason: codes.split(", ") for reason, codes in rows}
        page = (ROOT / "docs/api.md").read_text()
        rows = re.search(r"any call may end with these:\n\n(.*?)\n\n", page, re.DOTALL)
        self.common = self._reasons_in(rows[1]) if rows else []
        if not self.common:
            raise Wrong("docs/api.md: scripts/api_methods.py does not find the reasons that any call may end with")

    def _reasons_in(self, text):
        """Those that are called as a code is are left out: the code says it all, and deadlines and cancelling have tests for every method."""
        return [word for word in dict.fromkeys(re.findall(WORD, text)) if word in self.api.reasons - api_docs.CODES]

    def reasons(self, name):
        """In the order in which the comment has them; those of other methods that it refers to behind its own."""
        return self._reasons(self.methods.get(name) or self.fields[name], set())

    def _reasons(self, thing, seen):
        seen.add(thing.name)
        paragraphs = api_docs.Api.paragraphs(thing.comment)
        errors = " ".join(each for each in paragraphs if each.startswith("Errors: "))
        self._check_codes(thing, errors)
        found = self._reasons_in(errors)
        for references in re.findall(r"\b(?:as for|as|those of) ((?:[\w.]+(?:, | and )?)+)", errors):
            for word in re.findall(r"[A-Z][\w.]+\w", references):
                other = self.methods.get(word) or self.methods.get(self.short.get(word, "")) or self.fields.get(word)
                if other is None:
                    self.wrong.append(f"{thing}: `Errors:` refers to `{word}`, which there is not")
                elif other.name not in seen:
                    found += self._reasons(other, seen)
        return list(dict.fromkeys(found))

    def _check_codes(self, thing, errors):
        """A code without a reason leaves open what programs compare; and each reason comes with codes of its own."""
        words = [word for word in re.findall(WORD, errors) if word in self.api.reasons | api_docs.CODES] + [""]
        code = ""
        for word, following in zip(words, words[1:]):
            if word in api_docs.CODES:
                code = word
                if following not in self.api.reasons - api_docs.CODES:
                    self.wrong.append(f"{thing}: `Errors:` has {word} without a reason")
            elif code not in self.codes[word]:
                self.wrong.append(f"{thing}: `Errors:` has {word} with {code or 'no code'}; it comes with {', '.join(self.codes[word])}")

    def has_id(self, name):
        """Whether its request, or an event in it, bears an id of the caller's, so that it can be sent again."""
        types, left = set(), [self.methods[name].descriptor["inputType"]]
        while left:
            type_name = left.pop().lstrip(".").removeprefix(api_docs.PACKAGE + ".")
            if type_name in types or type_name not in self.messages:
                continue
            types.add(type_name)
            fields = self.messages[type_name].descriptor.get("field", [])
            if any(field["name"] in ("request_id", "event_id") for field in fields):
                return True
            left += [field["typeName"] for field in fields if field["type"] == "TYPE_MESSAGE"]
        return False


class Table:
    def __init__(self, promises, tests):
        self.promises = promises
        self.tests = tests
        self.wrong = []
        self.cases = 0

    def _shown_by(self, service, methods, what):
        """The test that shows it best. An error: one of the service's own files that is about little besides. Others: one that is about it."""
        stem = service.file.name.rsplit("/", 1)[-1].removesuffix("_service.proto") if service else ""
        words = [word.lower()[:5] for word in re.findall(r"[A-Z][a-z]+", methods[0].rsplit(".", 1)[-1])]

        def rank(test):
            own = test.file.startswith((stem + "_", *OTHER_FILES.get(stem, ())))
            if what.startswith("shown "):
                return (not own, len(test.facts), test.file, test.line)
            about = sum(word in test.name.lower() for word in words)
            refused = any(fact.startswith("refused ") for method in methods for fact in test.facts.get(method, ()))
            return (-about, refused, test.file != f"{stem}_service_test.cc", not own, test.file, test.line)

        found = [test for test in self.tests if any(what in test.facts.get(method, ()) for method in methods)]
        if service:  # what a test tries with all methods alike it shows of none in particular
            found = [test for test in found if test.file != "every_method_test.cc" and test.name not in EVERY_METHOD.values()]
        return min(found, key=rank, default=None)

    def _row(self, service, methods, case, what):
        test = self._shown_by(service, methods, what)
        self.cases += 1
        if test is None:
            self.wrong.append(f"{methods[0] if len(methods) == 1 else 'any method'}: no test shows {case}")
        return f"| {case} | {test.cell() if test else ''} |"

    def _service(self, service):
        out = [f"## {service.name}"]
        for method in service.parts:
            rows = ["| case | shown by |", "|---|---|", self._row(service, [method.name], "answered", "answered")]
            if self.promises.has_id(method.name):
                rows.append(self._row(service, [method.name], "the same again, with its id", "repeated"))
            reasons = self.promises.reasons(method.name)
            rows += [self._row(service, [method.name], reason, f"shown {reason}") for reason in reasons]
            out += [f"### {method.short_name}", "\n".join(rows)]
            self._check_undocumented(method, set(reasons))
        return "\n\n".join(out)

    def _check_undocumented(self, method, reasons):
        known = {*reasons, *self.promises.common, *api_docs.CODES}
        for test in self.tests:
            for what in sorted(test.facts.get(method.name, ())):
                reason = what.removeprefix("refused ")
                if what.startswith("refused ") and reason not in known:
                    known.add(reason)
                    wrong = f"`Errors:` does not name {reason}, with which it ended" if reason else "it ended without a reason"
                    self.wrong.append(f'{method}: {wrong} in "{test.name}" ({test.file})')

    def _every_method(self):
        names = {test.name: test for test in self.tests}
        rows = ["| case | shown by |", "|---|---|"]
        for case, name in EVERY_METHOD.items():
            if name not in names:
                raise Wrong(f'tests/api: there is no test "{name}", which scripts/api_methods.py has for {case}')
            rows.append(f"| {case} | {names[name].cell()} |")
        for name in ("deadline and cancel", "permission"):
            missing = self.promises.methods.keys() - names[EVERY_METHOD[name]].facts.keys()
            self.wrong += [f'{method}: "{EVERY_METHOD[name]}" does not try it' for method in sorted(missing)]
        methods = list(self.promises.methods)
        rows += [self._row(None, methods, reason, f"shown {reason}") for reason in self.promises.common]
        return "\n".join(rows)

    def text(self):
        parts = [self._service(service) for service in self.promises.api.services]
        return "\n\n".join(
            [
                "# Which test shows what of the API",
                "Generated from what the tests saw when they ran; `UPDATE_GOLDEN=1 ctest --preset release -R 'api: methods'` writes it anew.\n"
                "The reasons are those that the comments of the protos name. A reason counts as shown when a test compared it.",
                "## Every method",
                "Each of these tests tries all methods that the descriptors have. The reasons are those with which any call may end\n"
                "([the API](../../docs/api.md#errors)).",
                self._every_method(),
                *parts,
            ]
        ) + "\n"


def main():
    arguments = argparse.ArgumentParser(description="Compares tests/api/methods.md with what the tests showed.")
    arguments.add_argument("program", help="api_test")
    arguments.add_argument("records", type=Path, help="the folder with a file for each test")
    chosen = arguments.parse_args()

    tests = read_tests(chosen.program, chosen.records)
    if tests is None:
        print("skipped: not all tests of api_test have run since it was built; `ctest --preset release -R 'api: methods'` runs them", file=sys.stderr)
        return SKIPPED
    promises = Promises(api_docs.Api())
    table = Table(promises, tests)
    new = table.text()
    old = TABLE.read_text()
    wrong = list(dict.fromkeys(promises.wrong + table.wrong))
    if new != old and not wrong and os.environ.get("UPDATE_GOLDEN"):
        TABLE.write_text(new)
    elif new != old:
        sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), "tests/api/methods.md", "as the tests have it"))
        wrong.append("tests/api/methods.md is not what the tests showed: `UPDATE_GOLDEN=1 ctest --preset release -R 'api: methods'` writes it")
    print(f"{len(promises.methods)} methods, {table.cases} cases")
    if wrong:
        raise Wrong("\n".join(wrong))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        sys.exit(1)
