"""Receivers on loopback that misbehave as they are told: HTTP (the standard library's server) and SMTP (aiosmtpd)."""

import asyncio
import email
import email.policy
import http.server
import threading
import time

from aiosmtpd.smtp import SMTP, AuthResult

# Far more than anything takes, so that what hangs fails the test rather than the whole run.
TIMEOUT = 60


class Inbox:
    """What has come in, in order; can be waited for."""

    def __init__(self):
        self._changed = threading.Condition()
        self._items = []

    def add(self, item):
        with self._changed:
            self._items.append(item)
            self._changed.notify_all()

    def wait(self, count):
        """All that there is, once that is `count` at least."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._items) >= count, TIMEOUT):
                raise AssertionError(f"{len(self._items)} came in, of {count}: {self._items}")
            return list(self._items)

    def now(self):
        with self._changed:
            return list(self._items)


class Post:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body, self.at = path, headers, body, time.monotonic()


class HttpReceiver:
    """Answers with the next of `answers`, functions that get the handler and the post; with 200 when there is none left."""

    def __init__(self, port=0):
        self.inbox = Inbox()
        self.answers = []
        self.ended = threading.Event()
        self.hangs = threading.Event()  # a post has come that is left without an answer
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                post = Post(self.path, self.headers, self.rfile.read(int(self.headers["Content-Length"])))
                answer = receiver.answers.pop(0) if receiver.answers else reply(200)
                # An answer that ends the sender does so before the test hears of the post.
                answer(self, post)
                receiver.inbox.add(post)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_):
                pass  # senders that have gone are what is tested

        self._server = Server(("127.0.0.1", port), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.port}{path}"

    def stop(self):
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()


def reply(status, headers=None, body=b""):
    def answer(handler, _):
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hang(receiver):
    def answer(handler, _):
        receiver.hangs.set()
        receiver.ended.wait(TIMEOUT)
        handler.close_connection = True

    return answer


def cut(handler, _):
    """Ends in the middle of its answer."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    handler.close_connection = True


def drop(handler, _):
    """Ends without an answer."""
    handler.close_connection = True


class Mail:
    def __init__(self, envelope):
        self.sender, self.recipients = envelope.mail_from, envelope.rcpt_tos
        self.message = email.message_from_bytes(envelope.content, policy=email.policy.default)


class SmtpReceiver:
    """Answers a login, RCPT and DATA with the next of `login`, `rcpt` and `data`; as is right when there is none left."""

    def __init__(self, user=None, password=None, tls=None):
        self.inbox = Inbox()
        self.login, self.rcpt, self.data = [], [], []
        self.logins = []
        receiver = self

        class Handler:
            async def handle_RCPT(self, server, session, envelope, address, options):
                if receiver.rcpt:
                    return receiver.rcpt.pop(0)
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server, session, envelope):
                if receiver.data:
                    return receiver.data.pop(0)
                receiver.inbox.add(Mail(envelope))
                return "250 OK"

        def authenticate(server, session, envelope, mechanism, data):
            right = (data.login, data.password) == (user.encode(), password.encode())
            receiver.logins.append((mechanism, session.ssl is not None, right))
            if receiver.login:
                return AuthResult(success=False, handled=False, message=receiver.login.pop(0))
            return AuthResult(success=right, handled=right)

        options = {}
        if user:
            options.update(authenticator=authenticate, auth_required=True)
        if tls:
            options.update(tls_context=tls, require_starttls=True)
        elif user:
            options.update(auth_require_tls=False)
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            self._loop.create_server(lambda: SMTP(Handler(), hostname="localhost", loop=self._loop, **options), "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def stop(self):
        async def end():
            self._server.close()
            sessions = asyncio.all_tasks() - {asyncio.current_task()}
            for session in sessions:
                session.cancel()
            await asyncio.gather(*sessions, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(TIMEOUT)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TIMEOUT)
        self._loop.close()
