#!/usr/bin/env python3
"""Writes the generated parts of docs/api.md: the services, methods, messages and enums of proto/stagecraft/v1, with their comments.

    scripts/api_docs.py           writes them
    scripts/api_docs.py --check   only looks; ends with 1 and shows the difference when the page is not what the protos say

What stands outside of `<!-- generated: NAME -->` and `<!-- end -->` is written by hand. Ends with 1 as well when something has no comment,
a comment names what there is not (docs/errors.md, too), a method has no role, a method of another package is not on the page with its role, or
a link of the page leads nowhere. Ends with 2 when the
protos cannot be read.
"""
import argparse
import difflib
import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/api.md"
PACKAGE = "stagecraft.v1"
WIDTH = 140

# Where the types of others are described.
ELSEWHERE = {
    "google.protobuf.Duration": "https://protobuf.dev/reference/protobuf/google.protobuf/#duration",
    "google.protobuf.FieldMask": "https://protobuf.dev/reference/protobuf/google.protobuf/#field-mask",
    "google.protobuf.Timestamp": "https://protobuf.dev/reference/protobuf/google.protobuf/#timestamp",
    "google.rpc.Status": "https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto",
}
# The section of the page, written by hand, on the methods of a service that is not of our package.
BY_HAND = {"google.longrunning.Operations": "#long-running-operations"}
CODES = set(
    "CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION "
    "ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED".split()
)
# Words of comments that are written like names of ours, and are none.
OTHER_WORDS = {"BadRequest", "ErrorInfo", "HubSpot", "RetryInfo"}

# The kinds of calls in server/auth/permissions.h, and what to say of each.
CALL_KINDS = {
    "Read": "",
    "Publish": "; refused under maintenance",
    "Change": "; in the audit log; refused under maintenance",
    "Copy": "; in the audit log",
    "Govern": "; in the audit log",
}

# What to say of the reaches in server/auth/permissions.h.
REACHES = {
    "All": "; not for tokens with a scope",
    "Contacts": "; knows only the contacts of the token's scope",
    "Scripts": "",
}

# Numbers of fields in descriptor.proto, of which the paths of its source locations are made.
FILE_MESSAGE, FILE_ENUM, FILE_SERVICE = 4, 5, 6
MESSAGE_FIELD, MESSAGE_NESTED, MESSAGE_ENUM, MESSAGE_ONEOF = 2, 3, 4, 8
ENUM_VALUE = 2
SERVICE_METHOD = 2


class Wrong(Exception):
    """All that is wrong, one line each."""


class Thing:
    """Something of a proto file that has a name and a comment."""

    def __init__(self, kind, name, file, path, descriptor):
        self.kind = kind  # service, method, message, field, oneof, enum, value
        self.name = name  # within the package: `Delivery.State`
        self.file = file
        self.descriptor = descriptor
        self.parts = []
        location = file.locations.get(tuple(path), {})
        self.line = location.get("span", [0])[0] + 1
        # One that is empty counts as none. What other tools are told stands in comments, too.
        self.comment = "\n".join(
            line.strip() for line in location.get("leadingComments", "").strip().split("\n") if not line.strip().startswith("buf:lint:")
        ).strip()

    def __str__(self):
        return f"proto/{self.file.name}:{self.line}: {self.kind} `{self.name}`"

    @property
    def short_name(self):
        return self.name.rsplit(".", 1)[-1]


class File:
    """A proto file: `services`, and `types`, messages and enums in the order in which they stand; nested ones behind that in which they are."""

    def __init__(self, descriptor):
        self.name = descriptor["name"]
        self.locations = {tuple(each.get("path", [])): each for each in descriptor["sourceCodeInfo"]["location"]}
        self.services = []
        for i, service in enumerate(descriptor.get("service", [])):
            thing = Thing("service", service["name"], self, [FILE_SERVICE, i], service)
            for k, method in enumerate(service.get("method", [])):
                name = f"{service['name']}.{method['name']}"
                thing.parts.append(Thing("method", name, self, [FILE_SERVICE, i, SERVICE_METHOD, k], method))
            self.services.append(thing)
        self.types = self._types("", [], descriptor, FILE_MESSAGE, FILE_ENUM, "messageType")

    def _types(self, prefix, path, parent, message_number, enum_number, messages):
        found = []
        for i, message in enumerate(parent.get(messages, [])):
            if message.get("options", {}).get("mapEntry"):
                raise Wrong(f"{self.name}: {prefix}{message['name']}: maps are not known to scripts/api_docs.py yet")
            found.append(self._message(prefix, path + [message_number, i], message))
        for i, enum in enumerate(parent.get("enumType", [])):
            thing = Thing("enum", prefix + enum["name"], self, path + [enum_number, i], enum)
            for k, value in enumerate(enum["value"]):
                thing.parts.append(Thing("value", f"{thing.name}.{value['name']}", self, path + [enum_number, i, ENUM_VALUE, k], value))
            found.append([thing])
        found.sort(key=lambda group: group[0].line)
        return [thing for group in found for thing in group]

    def _message(self, prefix, path, message):
        thing = Thing("message", prefix + message["name"], self, path, message)
        oneofs = message.get("oneofDecl", [])
        named = set()
        for i, field in enumerate(message.get("field", [])):
            k = field.get("oneofIndex")
            if k is not None and not field.get("proto3Optional") and k not in named:
                named.add(k)
                oneof = Thing("oneof", f"{thing.name}.{oneofs[k]['name']}", self, path + [MESSAGE_ONEOF, k], oneofs[k])
                oneof.members = [each["name"] for each in message["field"] if each.get("oneofIndex") == k]
                thing.parts.append(oneof)
            thing.parts.append(Thing("field", f"{thing.name}.{field['name']}", self, path + [MESSAGE_FIELD, i], field))
        return [thing, *self._types(thing.name + ".", path, message, MESSAGE_NESTED, MESSAGE_ENUM, "nestedType")]


def slug(heading):
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def read_files():
    """The files of the package, by name."""
    command = [str(ROOT / "tests/api/buf"), "build", "proto", "--as-file-descriptor-set", "-o", "-#format=json"]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if built.returncode != 0:
        sys.stderr.write(built.stderr)
        print("api_docs: buf cannot read the protos; `make setup` installs it", file=sys.stderr)
        sys.exit(2)
    return {each["name"]: File(each) for each in json.loads(built.stdout)["file"] if each.get("package") == PACKAGE}


def read_permissions():
    """`{service: {method: (role, what its kind and its reach say)}}`, both in the order of the one table that the server goes by."""
    path = ROOT / "server/auth/permissions.cc"
    row = re.compile(r'^ +\{"([\w.]+)", "(\w+)", Role::k(\w+), k(\w+)(?:, k(\w+))?\},$')
    table = re.search(r"kPermissions\[\] = \{\n(.*?)\n\};", path.read_text(), re.DOTALL)
    permissions = {}
    for line in table.group(1).split("\n") if table else []:
        match = row.match(line)
        if line.strip().startswith("//"):
            continue
        if not match or match[4] not in CALL_KINDS or (match[5] or "All") not in REACHES:
            raise Wrong(f"server/auth/permissions.cc: scripts/api_docs.py does not understand `{line.strip()}`")
        permissions.setdefault(match[1], {})[match[2]] = (match[3].lower(), CALL_KINDS[match[4]] + REACHES[match[5] or "All"])
    if not permissions:
        raise Wrong("server/auth/permissions.cc: scripts/api_docs.py finds no table `kPermissions`")
    return permissions


class Api:
    def __init__(self):
        self.files = read_files()
        self.permissions = read_permissions()
        self.reasons = set(re.findall(r'<a id="(\w+)"></a>', (ROOT / "docs/errors.md").read_text()))
        self.wrong = []
        services = {service.name: service for file in self.files.values() for service in file.services}
        self._compare_permissions(services)
        # The order of the server's table is that in which one learns them.
        self.services = [services[name] for name in self.permissions if name in services]
        with_services = [service.file for service in self.services]
        without = sorted((file for file in self.files.values() if not file.services), key=lambda file: file.name)
        self.file_order = with_services + without
        things = [thing for service in self.services for thing in (service, *service.parts)]
        things += [thing for file in self.file_order for of in file.types for thing in (of, *of.parts)]
        self.wrong += [f"{thing} has no comment" for thing in things if not thing.comment]
        # What a comment may name: its anchor.
        self.links = {method: anchor for service, anchor in BY_HAND.items() for method in self.permissions[service]}
        self.values = set()
        for thing in things:
            if thing.kind in ("method", "service", "message", "enum"):
                self.links[thing.name] = self.links[thing.short_name] = "#" + slug(self.heading(thing))
            elif thing.kind in ("field", "oneof"):
                self.links[thing.name] = "#" + slug(thing.name.rsplit(".", 1)[0])
            else:
                self.values |= self._names_of_value(thing)

    @staticmethod
    def heading(thing):
        return thing.short_name if thing.kind == "method" else thing.name

    @staticmethod
    def _names_of_value(value):
        """`STATE_SENT_DRY` is also called `SENT_DRY`: without what the values of an enum have in common."""
        enum = value.name.split(".")[-2]
        prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", enum).upper() + "_"
        return {value.short_name, value.short_name.removeprefix(prefix)}

    def check_errors_page(self):
        """What the page of errors says is to be done can be done."""
        text = re.sub(r"`[^`\n]*`", "", (ROOT / "docs/errors.md").read_text())
        for word in dict.fromkeys(re.findall(r"\b(?:[A-Z][a-z0-9]+){2,}\b", text)):
            if word not in self.links and word not in OTHER_WORDS:
                self.wrong.append(f"docs/errors.md, or runtime/model/reasons.inc: names `{word}`, which there is not")

    def _compare_permissions(self, services):
        for name, service in services.items():
            methods = {method.short_name for method in service.parts}
            rows = set(self.permissions.get(name, {}))
            self.wrong += [f"server/auth/permissions.cc: `{name}.{each}` has no role" for each in sorted(methods - rows)]
            self.wrong += [f"server/auth/permissions.cc: `{name}` has no method `{each}`" for each in sorted(rows - methods)]
        ours = [name for name in self.permissions if name not in BY_HAND]
        self.wrong += [f"server/auth/permissions.cc: there is no service `{each}`" for each in ours if each not in services]

    def check_by_hand(self, page):
        """The rows of the tables that are written by hand have the roles of today."""
        for service in BY_HAND:
            for method, (role, _) in self.permissions[service].items():
                if f"| `{method}` | {role} |" not in page:
                    self.wrong.append(f"docs/api.md: there is no row `| `{method}` | {role} |` for {service}")

    # Text.

    def prose(self, text, thing):
        """A comment as Markdown: names become links, and nothing but `code` is markup."""
        pieces = re.split(r"(`[^`]*`)", text)
        if text.count("`") % 2:
            self.wrong.append(f"{thing}: its comment has a ` too many")
        return "".join(piece if piece.startswith("`") else self._with_links(piece, thing) for piece in pieces)

    def _with_links(self, text, thing):
        def name(match):
            word = match[0]
            if word in self.links:
                anchor = self.links[word]
                return word if anchor == "#" + slug(self.heading(thing)) else f"[{word}]({anchor})"
            if "_" in word and word in self.reasons:
                return f"[{word}](errors.md#{word})"
            if word not in CODES | self.values | OTHER_WORDS:
                self.wrong.append(f"{thing}: its comment names `{word}`, which there is not")
            return word

        text = re.sub(r"([\\<>*\[\]])", r"\\\1", text)
        # CamelCase of two words or more, perhaps with a part behind a dot; UPPER_CASE of two words or more.
        return re.sub(r"\b(?:[A-Z][a-z0-9]+){2,}(?:\.\w+)?\b|\b[A-Z][a-z]+\.[a-z]\w*_\w+\b|\b[A-Z]+(?:_[A-Z]+)+\b", name, text)

    @staticmethod
    def paragraphs(comment):
        """What is wrong has a paragraph of its own, also where the comment has only a line for it."""
        return [re.sub(r"\s+", " ", each) for each in re.split(r"\n{2,}|\n(?=Errors: )", comment)]

    def block(self, thing):
        paragraphs = (self.prose(each, thing) for each in self.paragraphs(thing.comment))
        return "\n\n".join(textwrap.fill(each, WIDTH, break_long_words=False, break_on_hyphens=False) for each in paragraphs)

    def cell(self, thing):
        return "<br>".join(self.prose(each, thing) for each in self.paragraphs(thing.comment)).replace("|", "\\|")

    def first_sentence(self, thing):
        text = re.match(r"(.+?[.:])(?: (?=[A-Z(])|$)", self.paragraphs(thing.comment)[0])
        sentence = text[1] if text else self.paragraphs(thing.comment)[0]
        return self.prose(sentence.rstrip(".:"), thing).replace("|", "\\|")

    def link(self, type_name):
        name = type_name.lstrip(".")
        if name in ELSEWHERE:
            return f"[{name.rsplit('.', 1)[-1]}]({ELSEWHERE[name]})"
        name = name.removeprefix(PACKAGE + ".")
        if name not in self.links:
            raise Wrong(f"scripts/api_docs.py does not know where `{name}` is described: add it to ELSEWHERE")
        return f"[{name}]({self.links[name]})"

    # The parts of the page.

    def overview(self):
        lines = ["| service | what | messages |", "|---|---|---|"]
        for service in self.services:
            file = service.file.name.rsplit("/", 1)[-1]
            lines.append(f"| [{service.name}](#{slug(service.name)}) | {self.first_sentence(service)} | [{file}](#{slug(file)}) |")
        shared = [file.name.rsplit("/", 1)[-1] for file in self.file_order if not file.services]
        links = ", ".join(f"[{name}](#{slug(name)})" for name in shared)
        return "\n".join(lines) + "\n\n" + textwrap.fill(f"What several of them use: {links}.", WIDTH, break_on_hyphens=False)

    def methods(self):
        return "\n\n".join(self._service(service) for service in self.services)

    def _service(self, service):
        out = [f"### {service.name}", self.block(service)]
        table = ["| method | role | what |", "|---|---|---|"]
        for method in service.parts:
            role, _ = self._permission(service, method)
            table.append(f"| [{method.short_name}](#{slug(method.short_name)}) | {role} | {self.first_sentence(method)} |")
        out.append("\n".join(table))
        for method in service.parts:
            out += [f"#### {method.short_name}", self._call(service, method), self.block(method)]
        return "\n\n".join(out)

    def _permission(self, service, method):
        return self.permissions[service.name].get(method.short_name, ("admin", ""))

    def _call(self, service, method):
        role, kind_says = self._permission(service, method)
        sends, answers = method.descriptor.get("clientStreaming"), method.descriptor.get("serverStreaming")
        kind = {
            (False, False): "unary",
            (False, True): "stream from the server",
            (True, False): "stream to the server",
            (True, True): "stream both ways, by gRPC only",
        }[bool(sends), bool(answers)]
        return "\n".join(
            [
                f"    POST /{PACKAGE}.{service.name}/{method.short_name}",
                "",
                f"- takes {'a stream of ' if sends else ''}{self.link(method.descriptor['inputType'])}",
                f"- answers {'a stream of ' if answers else ''}{self.link(method.descriptor['outputType'])}",
                f"- {kind}",
                f"- role `{role}`{kind_says}",
            ]
        )

    def messages(self):
        out = []
        for file in self.file_order:
            name = file.name.rsplit("/", 1)[-1]
            out.append(f"### {name}\n\n[{file.name}](../proto/{file.name})")
            out += [self._type(of) for of in file.types]
        return "\n\n".join(out)

    def _type(self, of):
        out = [f"#### {of.name}", self.block(of)]
        if of.kind == "enum":
            rows = ["| value | number | meaning |", "|---|---|---|"]
            rows += [f"| `{each.short_name}` | {each.descriptor.get('number', 0)} | {self.cell(each)} |" for each in of.parts]
        elif of.parts:
            rows = ["| field | type | meaning |", "|---|---|---|"]
            rows += [f"| `{each.short_name}` | {self._type_of(each)} | {self.cell(each)} |" for each in of.parts]
        else:
            rows = ["It has no fields."]
        return "\n\n".join([*out, "\n".join(rows)])

    def _type_of(self, part):
        if part.kind == "oneof":
            return "one of " + ", ".join(f"`{each}`" for each in part.members)
        field = part.descriptor
        kind = field["type"].removeprefix("TYPE_").lower()
        name = self.link(field["typeName"]) if "typeName" in field else kind
        if field["label"] == "LABEL_REPEATED":
            return "repeated " + name
        return ("optional " if field.get("proto3Optional") else "") + name


def with_parts(page, parts):
    """The page with its generated parts as they are now."""
    left = dict(parts)

    def part(match):
        if match[1] not in left:
            raise Wrong(f"docs/api.md: nothing generates `{match[1]}`, or it stands there twice")
        return f"<!-- generated: {match[1]} -->\n\n{left.pop(match[1])}\n\n<!-- end -->"

    page = re.sub(r"<!-- generated: ([\w ]+) -->\n.*?<!-- end -->", part, page, flags=re.DOTALL)
    if left:
        raise Wrong(f"docs/api.md: `{'`, `'.join(left)}` is nowhere")
    return page


def dead_links(page):
    """What links and headings have wrong: one line each."""
    fences = re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE)
    headings = [slug(each) for each in re.findall(r"^#+ (.+)$", fences, re.MULTILINE)]
    found = [f"docs/api.md: two headings have the anchor `{each}`" for each in sorted(set(headings)) if headings.count(each) > 1]
    for target in sorted(set(re.findall(r"\]\(([^)\s]+)\)", fences))):
        path, _, anchor = target.partition("#")
        if path.startswith("https://"):
            continue
        file = PAGE.parent / path if path else PAGE
        if not file.exists():
            found.append(f"docs/api.md: there is no file `{target}`")
            continue
        if not anchor:
            continue
        anchors = headings
        if path:
            text = file.read_text()
            anchors = re.findall(r'<a id="([^"]+)">', text) + [slug(each) for each in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
        if anchor not in anchors:
            found.append(f"docs/api.md: `{target}` leads nowhere")
    return found


def main():
    arguments = argparse.ArgumentParser(description="Writes the generated parts of docs/api.md from the comments of the protos.")
    arguments.add_argument("--check", action="store_true", help="only look, and show the difference")
    check = arguments.parse_args().check

    api = Api()
    parts = {"services": api.overview(), "methods": api.methods(), "messages": api.messages()}
    api.check_errors_page()
    old = PAGE.read_text()
    new = with_parts(old, parts)
    api.check_by_hand(new)
    wrong = api.wrong + dead_links(new)
    if wrong:
        raise Wrong("\n".join(dict.fromkeys(wrong)))
    if new == old:
        return 0
    if not check:
        PAGE.write_text(new)
        return 0
    sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), "docs/api.md", "docs/api.md as the protos have it"))
    print("docs/api.md is not what the protos say: run `make docs`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        sys.exit(1)
