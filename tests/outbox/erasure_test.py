"""A contact that has everything is erased (E12), through the real server: afterwards no byte of the person is in any file of the data
folder, nor in what is made of it."""

import json
import logging
import subprocess
import threading
import unittest

from installation import BINARY, LIMITS, Installation
from receivers import TIMEOUT, HttpReceiver, SmtpReceiver, reply

# Each stands in another thing that is said of the person.
SECRETS = {
    "zqana": "its id and address",
    "Annabella": "its first name, in mails, tasks, notifications and deals",
    "Zqcity": "a value of an import",
    "Zqtitle": "a value that a rule took from an event",
    "zqevent": "the id of an event",
    "zqfile": "a field of another event",
    "Zqtask": "a task",
    "Zqchanged": "its new title",
    "Zqreason": "why a run was ended",
    "zqold": "the id of a contact that was merged into it",
    "Zqlast": "a value of that one",
    "zqfailed": "the id of an event that failed, twice, before there was the contact",
    "zqpage": "a field of that event",
    "Zqfirst": "a value that it brought",
    "zqbilling": "what a webhook answered that is to be called again",
    "zqrefusal": "why a mail is dead",
}
# The id of a request is only kept as a hash; what is answered after the erasure is not kept.
NEVER_KEPT = ("zqrequest", "zqanswer")

SCRIPT = """
property budget money
property pings number
property pongs number
event "webinar attended" topic text
pipeline Sales Qualified 20%, Proposal 50%, Won 100%, Lost 0%
team "Closers" "fae@acme.example"
template "intro" subject "Hello, {first name}" body "{job title} of {city}"
list "Picked" by hand
counter webinars of webinar attended
on joining "Picked" notify "mika@acme.example" "{first name} was picked"
on joining "Picked" create task "Call {first name}" for "mika@acme.example" due in 1 day
on "webinar attended" set job title topic
on page viewed add 1 to pings
rule "Ping"
  on change of pings add 1 to pongs
rule "Pong"
  on change of pongs add 1 to pings
on MQL send email "intro"
on Opportunity call webhook "billing" with email, first name
on Customer send email "intro"
on Evangelist create deal "Deal of {first name}" in pipeline Sales at Qualified
on Other assign owner from "Closers" by rotation
on SQL call webhook "crm" with email, first name, city
rule "Chase"
  on status Open
  notify "mika@acme.example" "{first name} is chased"
  wait 2 days
  notify "mika@acme.example" "{first name} is still open"
"""

ANA = "zqana@acme.example"


class Erasure(unittest.TestCase):
    def setUp(self):
        self.house = Installation(SCRIPT)
        self.addCleanup(self.house.close)
        self.crm, self.billing, self.mail = HttpReceiver(), HttpReceiver(), SmtpReceiver()
        for receiver in (self.crm, self.billing, self.mail):
            self.addCleanup(receiver.stop)
        # What is to be tried again waits for longer than the test takes.
        limits = LIMITS.replace("first_retry_seconds = 0.05", "first_retry_seconds = 3600")
        limits = limits.replace("longest_retry_seconds = 0.2", "longest_retry_seconds = 3600")
        self.house.configure(f'notifications = ["email"]\n[smtp]\nurl = "{self.mail.url()}"\nfrom = "sales@acme.example"\n'
                             f'[webhooks.crm]\nurl = "{self.crm.url()}"\nprivate_network = true\n[webhooks.billing]\nurl = "{self.billing.url()}"\nprivate_network = true\n', limits)
        self.events = 0

    def publish(self, contact, what, event_id=None, check=True, fields=None, **properties):
        self.events += 1
        event = {"id": event_id or f"e{self.events}", "contact": contact, "type": what, "occurred_at": "2026-10-05T09:14:00Z",
                 "properties": properties, "fields": fields or {}, "create_if_missing": True}
        return self.house.run("publish", "-", text=json.dumps(event) + "\n", check=check)

    def delivery(self, name, state):
        """The newest delivery of this name, once it is in this state."""
        for _ in range(2000):
            found = [each for each in self.house.deliveries() if each["state"] == "STATE_" + state and name in json.dumps(each)]
            if found:
                return found[0]
        raise AssertionError(f"no {name} is {state}: {self.house.deliveries()}; {self.house.log()}")

    def listed(self, *verb):
        return json.loads(self.house.run(*verb, "--json").stdout)

    def live(self):
        """All that can happen to a contact."""
        house = self.house
        house.run("users", "deactivate", "fae@acme.example", "--new")
        failing = dict(event_id="zqfailed", fields={"page": "zqpage"})
        self.publish(ANA, "page viewed", check=False, **failing, **{"first name": "Zqfirst"})
        (failed,) = self.listed("events", "failed")["events"]
        self.assertEqual(house.run("events", "retry", failed["name"].split("/")[-1], check=False).returncode, 1)

        (house.path / "people.csv").write_text(f"Email,First Name,City\n{ANA},Annabella,Zqcity\nben@acme.example,Ben,Tokyo\n")
        house.run("contacts", "import", "people.csv", "--id", "Email", "--as-of", "2026-10-01T09:00:00Z")
        self.publish("zqold", "contact updated", **{"last name": "Zqlast"})
        house.run("contacts", "merge", ANA, "zqold")
        for contact in (ANA, "ben@acme.example"):
            self.publish(contact, "contact updated", **{"company id": "acme", "company name": "Acme", "email": contact})
        self.publish(ANA, "webinar attended", event_id="zqevent", fields={"topic": "Zqtitle"})
        self.publish(ANA, "list imported", fields={"file": "zqfile.csv"})
        house.run("lists", "add", "Picked", ANA, "--request-id", "zqrequest")
        house.run("tasks", "create", ANA, "Zqtask", "--for", "mika@acme.example")
        task = [each for each in self.listed("tasks")["tasks"] if each["title"] == "Zqtask"][0]["name"].split("/")[-1]
        house.run("tasks", "change", task, "--title", "Zqchanged")
        for reason in ("Zqreason", None):
            self.publish(ANA, "contact updated", status="Open")
            if reason:
                house.run("stop", "Chase", "--contact", ANA, "--reason", reason)
                self.publish(ANA, "contact updated", status="New")

        self.publish(ANA, "contact updated", lifecycle="MQL")
        self.delivery("intro", "SENT")
        self.billing.answers = [reply(503, body=b"zqbilling has no account")]
        self.publish(ANA, "contact updated", lifecycle="Opportunity")
        self.delivery("billing", "WAITING")
        self.mail.rcpt = ["550 zqrefusal: no such user here"]
        self.publish(ANA, "contact updated", lifecycle="Customer")
        self.delivery("intro", "DEAD")
        self.publish(ANA, "contact updated", lifecycle="Evangelist")
        (deal,) = self.listed("deals", "list")["deals"]
        house.run("deals", "move", deal["name"].split("/")[-1], "Proposal")
        self.publish(ANA, "contact updated", lifecycle="Other")

    def look(self, folder):
        """What of the person is in the files of the folder."""
        files = [each for each in folder.iterdir() if each.is_file()]
        self.assertGreaterEqual({each.name for each in files}, {"journal.db", "state.db"})
        return sorted({secret for each in files for secret in (*SECRETS, *NEVER_KEPT) if secret.encode() in each.read_bytes()})

    def offline(self, *arguments):
        """A verb that needs no server."""
        done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=TIMEOUT)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_leaves_no_byte_in_any_file(self):
        house = self.house
        data = house.path / "data"
        house.start()
        self.live()
        self.assertEqual(self.look(data), sorted(SECRETS), "before the erasure all of it is there, or nothing would be looked for")

        asked, erased = threading.Event(), threading.Event()

        def answer_late(handler, post):
            asked.set()
            erased.wait(TIMEOUT)
            reply(400, body=b"zqanswer: we know nobody called Annabella")(handler, post)

        self.crm.answers = [answer_late]
        self.publish(ANA, "contact updated", lifecycle="SQL")
        self.assertTrue(asked.wait(TIMEOUT))
        house.run("contacts", "erase", ANA, "--yes")
        self.assertEqual(self.look(data), [], "when the erasure is answered")
        erased.set()
        self.publish("ben@acme.example", "contact updated", lifecycle="SQL")
        self.delivery("crm", "SENT")
        house.stop()
        self.assertEqual(self.look(data), [], "after what was under way was answered, and the end of the server")
        self.offline("verify", data)

        house.start()
        self.assertEqual(self.look(data), [], "after a restart")
        self.assertIn("no contact", house.run("contacts", "show", ANA, check=False).stderr)
        for verb in (("contacts", "list"), ("tasks",), ("notifications",), ("deliveries",), ("deals", "list"), ("runs",),
                     ("events", "failed"), ("companies", "show", "acme"), ("lists", "show", "Picked")):
            shown = house.run(*verb, "--json").stdout
            self.assertEqual([secret for secret in SECRETS if secret in shown], [], verb)
        house.run("backup", "copy")
        self.assertEqual(self.look(house.path / "copy"), [], "in a backup")
        self.publish("ben@acme.example", "webinar attended", fields={"topic": "Pricing"})
        house.kill()
        house.killed()
        self.assertEqual(self.look(data), [], "after kill -9")

        house.start()
        house.stop()
        self.assertEqual(self.look(data), [], "after the journal was read again")
        self.offline("compact", data, "--keep", "1d")
        self.assertEqual(self.look(data), [], "after a compaction")
        (data / "state.db").unlink()
        house.start()
        house.stop()
        self.assertEqual(self.look(data), [], "after the state was folded anew")
        self.offline("verify", data)
        self.offline("restore", house.path / "copy", "--data", house.path / "again")
        self.assertEqual(self.look(house.path / "again"), [], "in a folder made of the backup")


if __name__ == "__main__":
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    unittest.main()
