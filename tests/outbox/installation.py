"""`stagecraft serve` on a folder of its own, as an operator runs it."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import urllib.request

BINARY = os.environ["STAGECRAFT"]

SCRIPT = """
property budget money
property trial yes or no
template "intro" subject "Grüße, {first name} 新規" body "Willkommen, {first name}.\\nBis bald!"
on SQL call webhook "crm" with email, budget, trial, status
on Customer send email "intro"
on MQL notify "mika@acme.example" "New MQL: {first name}"
"""

# Short, so that the tests are quick; what they wait for is always something that happens.
LIMITS = """
[limits]
first_retry_seconds = 0.05
longest_retry_seconds = 0.2
first_rest_seconds = 0.05
longest_rest_seconds = 0.2
timeout_seconds = 20
"""


class Installation:
    def __init__(self, script=SCRIPT):
        self._folder = tempfile.TemporaryDirectory(prefix="stagecraft-deliveries-")
        self.path = pathlib.Path(self._folder.name)
        (self.path / "scripts").mkdir()
        (self.path / "scripts/test.stage").write_text(script)
        self._process = None
        self._events = 0

    def configure(self, text, limits=LIMITS):
        (self.path / "deliveries.toml").write_text(text + limits)

    def start(self, *options):
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        environment["NO_COLOR"] = "1"
        if not options:
            options = ("--deliveries", "deliveries.toml")
        self._log = open(self.path / "server.log", "a")
        self._process = subprocess.Popen([BINARY, "serve", "--data", "data", "--listen", "127.0.0.1:0", "--scripts", "scripts", *options],
                                         cwd=self.path, stdout=subprocess.PIPE, stderr=self._log, text=True, env=environment)
        for line in self._process.stdout:
            if line.startswith("listening on "):
                self._address, self._http = line[len("listening on "):].split(", ")[:2]
                return
        raise AssertionError("the server did not start: " + self.log())

    def call(self, method, request, headers):
        """Makes a call over HTTP, as JSON."""
        post = urllib.request.Request(f"{self._http}/stagecraft.v1.{method}", json.dumps(request).encode(),
                                      {"Content-Type": "application/json", **headers})
        with urllib.request.urlopen(post, timeout=60) as answer:
            return json.load(answer)

    def log(self):
        return (self.path / "server.log").read_text()

    def stop(self):
        self._process.send_signal(signal.SIGTERM)
        self._end(0)

    def kill(self):
        self._process.kill()

    def killed(self):
        """Waits for the end of a server that was killed."""
        self._end(-signal.SIGKILL)

    def _end(self, expected):
        code = self._process.wait(60)
        self._process.stdout.close()
        self._log.close()
        self._process = None
        assert code == expected, f"the server ended with {code}: {self.log()}"

    def close(self):
        if self._process is not None:
            self._process.kill()
            self.killed()
        self._folder.cleanup()

    def run(self, *arguments, check=True, text=None):
        done = subprocess.run([BINARY, *arguments, "--server", self._address], cwd=self.path, capture_output=True, text=True, input=text)
        assert not check or done.returncode == 0, f"{done.stderr}; the server's end: {self._process and self._process.poll()}; {self.log()}"
        return done

    def become(self, stage, contact="ana", **properties):
        self._events += 1
        event = {"id": f"e{self._events}", "contact": contact, "type": "contact updated", "occurred_at": "2026-10-05T09:14:00Z",
                 "properties": {"lifecycle": stage, "email": f"{contact}@acme.example", "first name": contact.capitalize(), **properties},
                 "create_if_missing": True}
        self.run("publish", "-", text=json.dumps(event) + "\n")

    def deliveries(self, *options):
        return json.loads(self.run("deliveries", "--json", *options).stdout)["deliveries"]

    def wait_for(self, state):
        """The only delivery, once it is in this state."""
        for _ in range(2000):
            (delivery,) = self.deliveries()
            if delivery["state"] == "STATE_" + state:
                return delivery
        raise AssertionError(f"not {state}: {delivery}; {self.log()}")
