// What bad clients could once do to the server: end it, keep it busy, fill its memory. Each has a server of its own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Victim, kInfo, message, sleep } from './bad_clients.mjs';

const publishEvents = '/stagecraft.v1.EventService/PublishEvents';
const request = (lines, body = '{}') =>
  Buffer.from(['POST ' + kInfo + ' HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...lines, '', body].join('\r\n'), 'latin1');
const statusesIn = (heard) => [...heard.matchAll(/HTTP\/1\.[01] (\d+)/g)].map((each) => Number(each[1]));

function found(what, run) {
  test(what, async () => {
    const victim = await Victim.start();
    try {
      await run(victim);
      await victim.isUnharmed();
      await victim.stop();
    } finally {
      try {
        process.kill(victim.pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    }
  });
}

// gRPC ends the process when it is given metadata that it may not send.
for (const name of ['Authorization', 'X-Request-Id', 'Traceparent', 'Tracestate']) {
  for (const [what, value] of [['a tab', 'a\tb'], ['a byte above 127', 'a\xffb']]) {
    found(`HTTP: ${what} in ${name}`, async (victim) => {
      const peer = victim.peer('http').say(request([`${name}: ${value}`, 'Content-Length: 2']));
      await peer.hear(/\r\n\r\n[^]/, 3_000);
      assert.match(peer.heard, /^HTTP\/1.1 (200|400|401) /);
    });
  }
}

// The one connection within the process breaks, and is kept for half an hour.
for (const name of ['X-Request-Id', 'Traceparent', 'Authorization']) {
  found(`HTTP: 12 KB of ${name}; nobody is answered by HTTP from then on`, async (victim) => {
    const { status } = await victim.post('AdminService/GetServerInfo', {}, { [name]: 'a'.repeat(12_000) });
    assert.ok([200, 400, 401, 431].includes(status), String(status));
  });
}

// The bytes are kept until the end of the line comes.
found('HTTP: the extension of a chunk without end', async (victim) => {
  const peer = victim.peer('http').say(request(['Transfer-Encoding: chunked'], '2;'));
  await peer.pour(Buffer.alloc(1 << 18, 'a'), 64 << 20);
  assert.ok(peer.isClosed, `${peer.socket.bytesWritten >> 20} MB were taken`);
});
found('HTTP: trailers without end', async (victim) => {
  const peer = victim.peer('http').say(request(['Transfer-Encoding: chunked'], '2\r\n{}\r\n0\r\n'));
  await peer.pour(Buffer.from('x: y\r\n'.repeat(40_000)), 64 << 20);
  assert.ok(peer.isClosed, `${peer.socket.bytesWritten >> 20} MB were taken`);
});

// Room is taken for what is announced, not for what came.
found('HTTP: sixteen clients that announce 16 MB and send nothing; nobody else is answered for a minute', async (victim) => {
  const peers = Array.from({ length: 16 }, () => victim.peer('http').say(request(['Content-Length: 16777216'], '{')));
  await Promise.all(peers.map((peer) => peer.connected));
  await sleep(300);
  await victim.serves();
  for (const peer of peers) peer.hangUp();
});

// It is kept as long as the call goes on: nobody else is answered while they look on. Nothing about these clients is bad.
found('HTTP: sixteen watchers that send their request of five bytes in chunks', async (victim) => {
  const lines = ['POST /stagecraft.v1.EventService/WatchChanges HTTP/1.1', 'Host: localhost', 'Content-Type: application/connect+proto', 'Transfer-Encoding: chunked'];
  const peers = Array.from({ length: 16 }, () => victim.peer('http').say([...lines, '', '5', '\0\0\0\0\0', '0', '', ''].join('\r\n')));
  await Promise.all(peers.map((peer) => peer.hear(/\r\n\r\n/)));
  await victim.serves();
  for (const peer of peers) peer.hangUp();
});

// RFC 9112, 6.1 and 6.3: a coding that is not known is refused, as is one whose last is not `chunked`, and any together with a length.
const hidden = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';
const chunks = '2\r\n{}\r\n0\r\n\r\n';
for (const [what, lines, body] of [
  ['a coding that is not chunked', ['Transfer-Encoding: gzip'], hidden],
  ['a coding that is not chunked, and a length', ['Transfer-Encoding: gzip', 'Content-Length: 2'], '{}'],
  ['chunks that are not the last coding', ['Transfer-Encoding: chunked, identity'], hidden],
  ['a coding of a like name', ['Transfer-Encoding: xchunked'], hidden],
  ['two fields of codings', ['Transfer-Encoding: identity', 'Transfer-Encoding: chunked'], chunks],
  ['two hosts', ['Host: evil.example', 'Content-Length: 2'], '{}'],
]) {
  found(`HTTP: ${what}`, async (victim) => {
    const peer = victim.peer('http').say(request(lines, body));
    await sleep(300);
    assert.ok([400, 501].includes(statusesIn(peer.heard)[0]), peer.heard);
    peer.hangUp();
  });
}
found('HTTP: no host', async (victim) => {
  const peer = victim.peer('http').say('GET /healthz HTTP/1.1\r\n\r\n');
  await peer.hear(/\r\n\r\n/);
  assert.deepEqual(statusesIn(peer.heard), [400]);
});

// Tokens are bound to what is in the request, and not to which request it is.
found('a page token of another call', async (victim) => {
  const events = ['ana', 'ben'].map((contact) => ({ contact, type: 'contact updated', createIfMissing: true }));
  await victim.post('EventService/PublishEvents', { events });
  const { json } = await victim.post('ContactService/ListContacts', { pageSize: 1 });
  for (const method of ['CompanyService/ListCompanies', 'DealService/ListDeals', 'EventService/ListEvents', 'TaskService/ListTasks']) {
    const { status } = await victim.post(method, { pageSize: 1, pageToken: json.nextPageToken });
    assert.equal(status, 400, method);
  }
});

// The bound of messages is not held against what they become.
found('gRPC: half a gigabyte of zeros in two megabytes of gzip', async (victim) => {
  const bomb = gzipSync(Buffer.alloc(512 << 20), { level: 1 });
  assert.notEqual((await victim.call(publishEvents, message(bomb, bomb.length, 1), { head: { 'grpc-encoding': 'gzip' } })).status, 0);
});
found('HTTP: five million events without anything in them', async (victim) => {
  const { status } = await victim.post('EventService/PublishEvents', `{"events":[${'{},'.repeat(5_500_000)}{}]}`);
  assert.ok([400, 413, 429].includes(status), String(status));
});

// The port may not be listened on any more once a connection could not be taken for want of a file.
found('HTTP: more connections than files may be open', async (victim) => {
  execFileSync('prlimit', ['--pid', String(victim.pid), `--nofile=${victim.atRest.files + 20}`]);
  const peers = Array.from({ length: 100 }, () => victim.peer('http'));
  await sleep(1_000);
  for (const peer of peers) peer.hangUp();
  await sleep(1_000);
});
