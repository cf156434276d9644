"""Deliveries, from the script to a real receiver on loopback: `stagecraft serve` as a process, SMTP and HTTP servers that misbehave."""

import base64
import hashlib
import hmac
import json
import logging
import socket
import ssl
import subprocess
import unittest

from installation import BINARY, LIMITS, Installation
from receivers import TIMEOUT, HttpReceiver, SmtpReceiver, cut, drop, hang, reply

SECRET = base64.b64encode(bytes(range(32))).decode()


class Case(unittest.TestCase):
    def setUp(self):
        self.house = Installation()
        self.addCleanup(self.house.close)

    def http(self, port=0):
        receiver = HttpReceiver(port)
        self.addCleanup(receiver.stop)
        return receiver

    def smtp(self, **options):
        receiver = SmtpReceiver(**options)
        self.addCleanup(receiver.stop)
        return receiver

    def crm(self, url, more="", limits=LIMITS):
        self.house.configure(f'[webhooks.crm]\nurl = "{url}"\nprivate_network = true\n{more}\n', limits)


class Webhooks(Case):
    def test_says_what_was_called_with_typed_values_and_is_signed(self):
        receiver = self.http()
        (self.house.path / "crm.secret").write_text("whsec_" + SECRET + "\n")
        self.crm(receiver.url("/hook?x=1"), 'secret_file = "crm.secret"')
        self.house.start()
        self.house.become("SQL", budget=1200.5, trial=True)
        (post,) = receiver.inbox.wait(1)
        delivery = self.house.wait_for("SENT")
        self.assertEqual(post.path, "/hook?x=1")
        self.assertEqual(post.headers["Content-Type"], "application/json")
        key, seconds = post.headers["webhook-id"], post.headers["webhook-timestamp"]
        self.assertEqual(json.loads(post.body), {
            "id": key, "type": "crm", "timestamp": "2026-10-05T09:14:00Z", "contact": "ana",
            "data": {"email": "ana@acme.example", "budget": 1200.5, "trial": True, "status": None}})
        self.assertEqual(delivery["key"], key)
        self.assertEqual(delivery["attempts"], 1)
        signed = f"{key}.{seconds}.".encode() + post.body
        expected = base64.b64encode(hmac.new(base64.b64decode(SECRET), signed, hashlib.sha256).digest()).decode()
        self.assertEqual(post.headers["webhook-signature"], "v1," + expected)

    def test_belongs_to_the_trace_of_the_event_that_set_it_off(self):
        receiver = self.http()
        receiver.answers = [reply(503)]
        self.crm(receiver.url())
        self.house.start()
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        event = {"event": {"contact": "ana", "type": "contact updated", "createIfMissing": True,
                           "properties": [{"name": "lifecycle", "text": "SQL"}, {"name": "email", "text": "ana@acme.example"}]}}
        self.house.call("EventService/PublishEvent", event, {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
        posts = receiver.inbox.wait(2)
        delivery = self.house.wait_for("SENT")
        span = int(delivery["name"].removeprefix("deliveries/"))
        self.assertEqual({post.headers["traceparent"] for post in posts}, {f"00-{trace}-{span:016x}-01"})

    def test_of_an_event_without_a_trace_has_none(self):
        receiver = self.http()
        self.crm(receiver.url())
        self.house.start()
        self.house.become("SQL")
        (post,) = receiver.inbox.wait(1)
        self.assertIsNone(post.headers["traceparent"])

    def test_is_tried_again_after_what_may_pass(self):
        receiver = self.http()
        receiver.answers = [drop, reply(500, body=b"oops"), reply(408), reply(425), cut]
        self.crm(receiver.url())
        self.house.start()
        self.house.become("SQL")
        posts = receiver.inbox.wait(6)
        self.assertEqual(self.house.wait_for("SENT")["attempts"], 6)
        self.assertEqual(len({post.headers["webhook-id"] for post in posts}), 1)
        self.assertEqual(len({post.body for post in posts}), 1)
        self.assertEqual(len(receiver.inbox.now()), 6)

    def test_a_receiver_that_hangs_is_given_up_after_the_time_out(self):
        receiver = self.http()
        receiver.answers = [hang(receiver)]
        self.crm(receiver.url(), limits=LIMITS.replace("timeout_seconds = 20", "timeout_seconds = 0.5"))
        self.house.start()
        self.house.become("SQL")
        receiver.inbox.wait(1)
        self.assertEqual(self.house.wait_for("SENT")["attempts"], 2)

    def test_a_receiver_that_hangs_does_not_hold_up_the_end_of_the_server(self):
        receiver = self.http()
        receiver.answers = [hang(receiver)]
        self.crm(receiver.url())
        self.house.start()
        self.house.become("SQL")
        self.assertTrue(receiver.hangs.wait(TIMEOUT))
        self.house.stop()
        self.house.start()
        receiver.inbox.wait(1)
        self.assertEqual(self.house.wait_for("SENT")["attempts"], 1)

    def test_a_receiver_that_is_not_there_is_tried_until_it_is(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.crm(f"http://127.0.0.1:{port}/", limits=LIMITS + "attempts = 1000\n")
        self.house.start()
        self.house.become("SQL")
        self.assertIn("connect", self.house.wait_for("WAITING")["lastError"].lower())
        receiver = self.http(port)
        receiver.inbox.wait(1)
        self.house.wait_for("SENT")

    def test_retry_after_is_honoured(self):
        receiver = self.http()
        receiver.answers = [reply(429, {"Retry-After": "1"})]
        self.crm(receiver.url())
        self.house.start()
        self.house.become("SQL")
        first, second = receiver.inbox.wait(2)
        self.assertGreaterEqual(second.at - first.at, 0.95)

    def test_what_is_refused_is_dead_at_once_and_can_be_tried_again_after_the_mend(self):
        receiver = self.http()
        receiver.answers = [reply(400, body="no field `budget`\n\x1b[31m".encode())]
        self.crm(receiver.url())
        self.house.start()
        self.house.become("SQL")
        dead = self.house.wait_for("DEAD")
        self.assertIn("HTTP 400: no field `budget`", dead["lastError"])
        self.assertNotIn("\x1b", dead["lastError"])
        self.assertIn("is dead: HTTP 400", self.house.log())
        done = self.house.run("deliveries", "retry", dead["name"].split("/")[1])
        self.assertEqual(done.stdout, "1 delivery to be tried again\n")
        sent = self.house.wait_for("SENT")
        first, second = receiver.inbox.wait(2)
        self.assertEqual(first.headers["webhook-id"], second.headers["webhook-id"])
        again = self.house.run("deliveries", "retry", sent["name"], check=False)
        self.assertEqual(again.returncode, 1)
        self.assertIn("was sent", again.stderr)

    def test_attempts_come_to_an_end(self):
        receiver = self.http()
        receiver.answers = [reply(503) for _ in range(3)]
        self.crm(receiver.url(), limits=LIMITS + "attempts = 3\n")
        self.house.start()
        self.house.become("SQL")
        dead = self.house.wait_for("DEAD")
        self.assertEqual(dead["lastError"], "given up after 3 attempts: HTTP 503")
        self.assertEqual(len(receiver.inbox.now()), 3)

    def test_redirects_are_not_followed(self):
        other, receiver = self.http(), self.http()
        receiver.answers = [reply(307, {"Location": other.url()})]
        self.crm(receiver.url())
        self.house.start()
        self.house.become("SQL")
        self.assertIn("redirect", self.house.wait_for("DEAD")["lastError"])
        self.assertEqual(other.inbox.now(), [])

    def test_an_address_of_ours_is_not_reached_unless_it_is_meant(self):
        receiver = self.http()
        self.house.configure(f'[webhooks.crm]\nurl = "{receiver.url()}"\n', LIMITS)
        self.house.start()
        self.house.become("SQL")
        self.assertIn("its address is 127.0.0.1, which is not of the internet; if that is meant, say `private_network = true`",
                      self.house.wait_for("DEAD")["lastError"])
        self.assertEqual(receiver.inbox.now(), [])
        self.house.stop()
        self.crm(receiver.url())
        self.house.start()
        self.house.run("deliveries", "retry", "--dead")
        receiver.inbox.wait(1)
        self.house.wait_for("SENT")

    def test_a_name_without_a_destination_fails_loudly_and_is_sent_after_the_mend(self):
        self.house.configure("")
        self.house.start()
        self.house.become("SQL")
        self.assertIn("no destination named `crm`; add [webhooks.crm]", self.house.wait_for("DEAD")["lastError"])
        self.assertIn("no destination named `crm`", self.house.log())
        self.assertIn("no destination named", self.house.run("deliveries", "--state", "dead").stdout)
        self.house.stop()
        receiver = self.http()
        self.crm(receiver.url())
        self.house.start()
        self.assertEqual(self.house.run("deliveries", "retry", "--dead", "--name", "CRM").stdout, "1 delivery to be tried again\n")
        receiver.inbox.wait(1)
        self.house.wait_for("SENT")

    def test_a_server_that_is_killed_between_sending_and_recording_sends_again_with_the_same_key(self):
        receiver = self.http()

        def kill(_, post):
            del post
            self.house.kill()
            self.house.killed()

        receiver.answers = [kill]
        self.crm(receiver.url())
        self.house.start()
        try:
            self.house.become("SQL")
        except AssertionError:
            pass  # the server may be dead before it has answered; the event is durable, or it would not have been sent
        receiver.inbox.wait(1)
        self.house.start()
        first, second = receiver.inbox.wait(2)
        self.assertEqual(first.headers["webhook-id"], second.headers["webhook-id"])
        self.assertEqual(first.body, second.body)
        self.house.wait_for("SENT")
        self.house.stop()
        self.house.start()
        self.assertEqual(len(self.house.deliveries("--state", "sent")), 1)
        self.assertEqual(len(receiver.inbox.now()), 2)

    def test_a_dead_destination_does_not_hold_up_another(self):
        receiver = self.http()
        mail = self.smtp()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.house.configure(f'[webhooks.crm]\nurl = "http://127.0.0.1:{port}/"\nprivate_network = true\n[smtp]\nurl = "{mail.url()}"\nfrom = "sales@acme.example"\n',
                             LIMITS.replace("first_rest_seconds = 0.05", "first_rest_seconds = 3600").replace(
                                 "longest_rest_seconds = 0.2", "longest_rest_seconds = 3600"))
        self.house.start()
        for i in range(20):
            self.house.become("SQL", f"s{i}")
        for i in range(5):
            self.house.become("Customer", f"c{i}")
        mail.inbox.wait(5)
        self.assertEqual(receiver.inbox.now(), [])
        crm = self.house.deliveries("--name", "crm", "--limit", "0")
        self.assertEqual(len(crm), 20)
        self.assertLessEqual(sum(each["attempts"] for each in crm), 9)
        self.assertEqual(self.house.log().count("webhook crm fails, and is only probed until it works"), 1)


class Mails(Case):
    def mail(self, receiver, more="", limits=LIMITS):
        self.house.configure(f'[smtp]\nurl = "{receiver.url()}"\nfrom = "Acme Säles <sales@acme.example>"\n{more}\n', limits)

    def test_an_email_has_all_that_it_needs_in_any_letters(self):
        receiver = self.smtp()
        self.mail(receiver)
        self.house.start()
        self.house.become("Customer", "ana")
        (mail,) = receiver.inbox.wait(1)
        delivery = self.house.wait_for("SENT")
        self.assertEqual(mail.sender, "sales@acme.example")
        self.assertEqual(mail.recipients, ["ana@acme.example"])
        message = mail.message
        self.assertEqual(message["Subject"], "Grüße, Ana 新規")
        self.assertEqual(str(message["From"]), "Acme Säles <sales@acme.example>")
        self.assertEqual(str(message["To"]), "ana@acme.example")
        self.assertEqual(message["Message-ID"], f"<{delivery['key']}@acme.example>")
        self.assertEqual(message["Date"].datetime.isoformat(), "2026-10-05T09:14:00+00:00")
        self.assertEqual(message["Auto-Submitted"], "auto-generated")
        body = message.get_body(("plain",))
        self.assertEqual(body.get_content_charset(), "utf-8")
        self.assertIn("Willkommen, Ana.", body.get_content())
        self.assertEqual(message.defects, [])

    def test_is_tried_again_when_the_server_says_later(self):
        receiver = self.smtp()
        receiver.rcpt = ["451 greylisted, come again"]
        receiver.data = ["452 no room"]
        self.mail(receiver)
        self.house.start()
        self.house.become("Customer")
        receiver.inbox.wait(1)
        self.assertEqual(self.house.wait_for("SENT")["attempts"], 3)

    def test_is_dead_when_the_server_says_never(self):
        for place, answer in (("rcpt", "550 no such user here"), ("data", "554 we do not want this")):
            with self.subTest(place):
                receiver = self.smtp()
                setattr(receiver, place, [answer])
                house = self.house = Installation()
                self.addCleanup(house.close)
                self.mail(receiver)
                house.start()
                house.become("Customer")
                dead = house.wait_for("DEAD")
                self.assertEqual(dead["attempts"], 1)
                self.assertIn(answer, dead["lastError"])

    def certificate(self):
        folder = self.house.path
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                       check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        return context

    def test_logs_in_under_starttls(self):
        receiver = self.smtp(user="sales", password="geheim", tls=self.certificate())
        (self.house.path / "password").write_text("geheim\n")
        receiver_url = receiver.url()
        self.house.configure(f'ca_file = "cert.pem"\n[smtp]\nurl = "{receiver_url}"\nfrom = "sales@acme.example"\nuser = "sales"\n'
                             'password_file = "password"\n')
        self.house.start()
        self.house.become("Customer")
        receiver.inbox.wait(1)
        self.house.wait_for("SENT")
        self.assertTrue(all(tls and right for _, tls, right in receiver.logins))

    def test_no_password_goes_over_a_line_without_tls(self):
        receiver = self.smtp(user="sales", password="geheim")
        (self.house.path / "password").write_text("geheim\n")
        self.mail(receiver, 'user = "sales"\npassword_file = "password"')
        self.house.start()
        self.house.become("Customer")
        self.house.wait_for("WAITING")
        self.assertEqual(receiver.logins, [])

    def test_a_wrong_password_is_dead_at_once_and_says_how_to_mend_it(self):
        receiver = self.smtp(user="sales", password="geheim")
        (self.house.path / "password").write_text("falsch\n")
        self.mail(receiver, 'user = "sales"\npassword_file = "password"\nstarttls = "never"')
        self.house.start()
        self.house.become("Customer")
        dead = self.house.wait_for("DEAD")
        self.assertEqual(dead["attempts"], 1)
        self.assertIn("the mail server refuses the login: 535 5.7.8", dead["lastError"])
        self.assertIn("mend [smtp] in the file of --deliveries", dead["lastError"])
        self.house.stop()
        (self.house.path / "password").write_text("geheim\n")
        self.house.start()
        self.house.run("deliveries", "retry", "--dead")
        receiver.inbox.wait(1)
        self.house.wait_for("SENT")

    def test_a_login_that_is_refused_for_now_is_tried_again(self):
        receiver = self.smtp(user="sales", password="geheim")
        receiver.login = ["454 4.7.0 Temporary authentication failure"]
        (self.house.path / "password").write_text("geheim\n")
        self.mail(receiver, 'user = "sales"\npassword_file = "password"\nstarttls = "never"')
        self.house.start()
        self.house.become("Customer")
        receiver.inbox.wait(1)
        self.assertEqual(self.house.wait_for("SENT")["attempts"], 2)

    def test_a_mail_server_that_wants_a_login_is_told_apart(self):
        receiver = self.smtp(user="sales", password="geheim")
        self.mail(receiver, 'starttls = "never"')
        self.house.start()
        self.house.become("Customer")
        dead = self.house.wait_for("DEAD")
        self.assertEqual(dead["attempts"], 1)
        self.assertIn("the mail server wants a login: 530", dead["lastError"])


class Notifications(Case):
    def test_go_by_email_and_into_the_chat_when_so_configured(self):
        chat, mail = self.http(), self.smtp()
        (self.house.path / "chat.url").write_text(chat.url("/T1/B2") + "\n")
        self.house.configure(f'notifications = ["email", "chat"]\n[smtp]\nurl = "{mail.url()}"\nfrom = "sales@acme.example"\n'
                             '[chat]\nurl_file = "chat.url"\nprivate_network = true\n')
        self.house.start()
        self.house.become("MQL")
        (post,) = chat.inbox.wait(1)
        self.assertEqual(post.path, "/T1/B2")
        self.assertEqual(json.loads(post.body), {"text": "mika@acme.example: New MQL: Ana (ana)"})
        (letter,) = mail.inbox.wait(1)
        self.assertEqual(letter.recipients, ["mika@acme.example"])
        self.assertEqual(letter.message["Subject"], "New MQL: Ana")
        self.assertIn("New MQL: Ana", self.house.run("notifications").stdout)
        self.assertEqual({each["channel"] for each in self.house.deliveries()}, {"CHANNEL_EMAIL", "CHANNEL_CHAT"})

    def test_are_only_listed_otherwise(self):
        self.house.configure("")
        self.house.start()
        self.house.become("MQL")
        self.assertIn("New MQL: Ana", self.house.run("notifications").stdout)
        self.assertEqual(self.house.deliveries(), [])


class Configuration(Case):
    def test_in_a_dry_run_nothing_leaves_the_house(self):
        receiver = self.http()
        for options, dry in ((("--deliveries", "deliveries.toml"), "dry = true\n"),
                             (("--deliveries", "deliveries.toml", "--dry-run-deliveries"), ""), (("--dry-run-deliveries",), "")):
            with self.subTest(options=options):
                house = self.house = Installation()
                self.addCleanup(house.close)
                house.configure(f'{dry}[webhooks.crm]\nurl = "{receiver.url()}"\nprivate_network = true\n')
                house.start(*options)
                house.become("SQL")
                house.wait_for("SENT_DRY")
                self.assertIn("not sent, since this is a dry run: webhook `crm`", house.log())
        self.assertEqual(receiver.inbox.now(), [])

    def test_without_a_file_deliveries_stay_and_the_log_says_so_once(self):
        receiver = self.http()
        self.house.start("--insecure")  # some option that changes nothing here
        self.assertNotIn("deliveries are kept", self.house.log())
        self.house.become("SQL", "ana")
        self.house.become("SQL", "ben")
        self.assertEqual([each["state"] for each in self.house.deliveries()], ["STATE_PENDING"] * 2)
        self.house.stop()
        self.assertEqual(self.house.log().count("deliveries are kept and not sent"), 1)
        self.crm(receiver.url())
        self.house.start()
        receiver.inbox.wait(2)

    def test_what_is_wrong_in_the_file_keeps_the_server_from_starting(self):
        (self.house.path / "deliveries.toml").write_text('[webhooks.crm]\nurl = "https://crm.example"\nsecret = "x"\n')
        done = subprocess.run([BINARY, "serve", "--data", "data", "--deliveries", "deliveries.toml"], cwd=self.house.path, capture_output=True,
                              text=True, timeout=TIMEOUT)
        self.assertEqual(done.returncode, 2)
        self.assertIn("deliveries.toml:3:1: a secret does not stand in this file", done.stderr)
        self.assertFalse((self.house.path / "data").exists())


if __name__ == "__main__":
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    unittest.main()
