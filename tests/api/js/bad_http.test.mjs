// Clients of the HTTP port that send what they must not, too much, too slowly, or leave: each is answered precisely or cut off, and the next
// client notices nothing.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Victim, randomBytes, until } from './bad_clients.mjs';

let victim;
const silent = [];
before(async () => {
  victim = await Victim.start();
  // They are looked at again by the last test.
  for (const start of ['', 'P', 'POST /stagecraft.v1.AdminService/GetServerInfo HTTP/1.1\r\nHost: localh']) {
    for (let i = 0; i < 10; ++i) silent.push(victim.peer('http').say(start));
  }
  victim.atRest.files += silent.length;
});
afterEach(() => victim.isUnharmed());
after(() => victim.stop());

const method = '/stagecraft.v1.AdminService/GetServerInfo';
const request = (lines, body = '{}', path = method) =>
  Buffer.from(['POST ' + path + ' HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...lines, '', body].join('\r\n'), 'latin1');
const statusIn = (heard) => Number(heard.match(/^HTTP\/1\.[01] (\d+)/)?.[1] ?? 0);
const statusesIn = (heard) => [...heard.matchAll(/HTTP\/1\.[01] (\d+)/g)].map((each) => Number(each[1]));

// What comes of these bytes; the connection is left then.
async function say(bytes) {
  const peer = victim.peer('http').say(bytes);
  const heard = await peer.hear(/\r\n\r\n[^]/);
  peer.hangUp();
  return heard;
}

test('random bytes are no HTTP', async () => {
  const random = randomBytes(1, 600);
  for (let i = 0; i < 40; ++i) {
    const peer = victim.peer('http').say(random.next().value);
    peer.socket.end();
    await peer.closed;
    assert.ok([0, 400].includes(statusIn(peer.heard)), peer.heard);
    peer.hangUp();
  }
});

test('a call whose name is no text is not found, with a reason', async () => {
  const heard = await say(request(['Content-Length: 2'], '{}', '/stagecraft.v1.AdminService/Get\xffInfo'));
  assert.equal(statusIn(heard), 404);
  assert.match(heard, /UNKNOWN_METHOD/);
});

test('another protocol is no HTTP', async () => {
  for (const bytes of ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'EHLO localhost\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + '\x07'.repeat(512)]) {
    const heard = await say(Buffer.from(bytes, 'latin1'));
    assert.ok([0, 400].includes(statusIn(heard)), heard);
  }
});

for (const [what, lines, body, status] of [
  ['two lengths', ['Content-Length: 2', 'Content-Length: 3'], '{}', 400],
  ['a length and chunks', ['Content-Length: 2', 'Transfer-Encoding: chunked'], '{}', 400],
  ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 2'], '2\r\n{}\r\n0\r\n\r\n', 400],
  ['chunks twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '2\r\n{}\r\n0\r\n\r\n', 400],
  ['a length with a sign', ['Content-Length: +2'], '{}', 400],
  ['a length below zero', ['Content-Length: -2'], '{}', 400],
  ['a length in hexadecimal', ['Content-Length: 0x2'], '{}', 400],
  ['a length of 2^64', ['Content-Length: 18446744073709551616'], '{}', 400],
  ['a length of 2^64 - 1', ['Content-Length: 18446744073709551615'], '{}', 413],
  ['a space before the colon', ['Content-Length : 2'], '{}', 400],
  ['a NUL in a field', ['X-A: a\0b', 'Content-Length: 2'], '{}', 400],
  ['a bare CR in a field', ['X-A: a\rb', 'Content-Length: 2'], '{}', 400],
  ['a field without a name', [': a', 'Content-Length: 2'], '{}', 400],
  ['a folded field', ['X-A: a\r\n b', 'Content-Length: 2'], '{}', 200],
  ['a head of 20 KB', ['X-A: ' + 'a'.repeat(20_000), 'Content-Length: 2'], '{}', 431],
  ['4000 fields', [...Array(4000).fill('X-A: a'), 'Content-Length: 2'], '{}', 431],
  ['1000 fields', [...Array(1000).fill('X-A: a'), 'Content-Length: 2'], '{}', 200],
]) {
  test(`${what}: ${status}`, async () => {
    assert.equal(statusIn(await say(request(lines, body))), status);
  });
}

for (const [body, status] of [
  ['2\r\n{}\r\n0\r\n\r\n', 200],
  ['2;a=b\r\n{}\r\n0\r\nA: b\r\n\r\n', 200],
  ['0x2\r\n{}\r\n0\r\n\r\n', 400],
  ['-2\r\n{}\r\n0\r\n\r\n', 400],
  ['+2\r\n{}\r\n0\r\n\r\n', 400],
  [' 2\r\n{}\r\n0\r\n\r\n', 400],
  ['2 \r\n{}\r\n0\r\n\r\n', 400],
  ['\r\n{}\r\n0\r\n\r\n', 400],
  ['g\r\n{}\r\n0\r\n\r\n', 400],
  ['2\r\n{}xx0\r\n\r\n', 400],
  ['3\r\n{}\r\n0\r\n\r\n', 400],
  ['ffffffffffffffff\r\n{}', 413],
  ['ffffffffffffffff2\r\n{}', 400],
]) {
  test(`chunks ${JSON.stringify(body)}: ${status}`, async () => {
    assert.equal(statusIn(await say(request(['Transfer-Encoding: chunked'], body))), status);
  });
}

test('what comes after a request that was refused is not another request', async () => {
  const hidden = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';
  for (const lines of [['Content-Length: 2', 'Transfer-Encoding: chunked'], ['Content-Length: 2', 'Content-Length: 3']]) {
    const peer = victim.peer('http').say(request(lines, '0\r\n\r\n' + hidden));
    await peer.closed;
    assert.deepEqual(statusesIn(peer.heard), [400]);
    peer.hangUp();
  }
});

test('paths that lead nowhere', async () => {
  for (const path of ['//', '/../', '/./healthz', '/%2e%2e/', '/healthz/', '/%00', '/healthz%00', '*', '\\', '/errors/', '/errors/../healthz', '/?' + 'a'.repeat(9_000),
    '/stagecraft.v1.', '/stagecraft.v1./', '/stagecraft.v1.AdminService/', '/stagecraft.v1.AdminService/GetServerInfo/', '/stagecraft.v1.AdminService.GetServerInfo/',
    '/stagecraft.v1.AdminService/../AdminService/GetServerInfo', '/stagecraft.v1.AdminService%2fGetServerInfo', '/stagecraft.v1.' + 'a'.repeat(9_000) + '/b']) {
    assert.equal(statusIn(await say(request(['Content-Length: 2'], '{}', path))), 404, path);
  }
  assert.equal(statusIn(await say(request(['Content-Length: 2'], '{}', '/' + 'a'.repeat(20_000)))), 431);
  assert.equal(statusIn(await say(request(['Content-Length: 2'], '{}', '/errors/%0d%0a a'))), 400);
});

test('a thousand requests at once on one connection are answered in their order', async () => {
  const get = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const peer = victim.peer('http').say(Buffer.from((get + String(request(['Content-Length: 2']))).repeat(500)));
  await until(() => statusesIn(peer.heard).length === 1_000, 30_000);
  const bodies = [...peer.heard.matchAll(/SERVING|"version"/g)].map((each) => each[0]);
  assert.deepEqual(bodies, Array(500).fill(['SERVING', '"version"']).flat());
  peer.hangUp();
  // And nobody waits for the answers.
  victim.peer('http').say(Buffer.from(String(request(['Content-Length: 2'])).repeat(1_000))).socket.end();
});

test('a gigabyte that is announced is refused before it comes', async () => {
  for (const expect of [[], ['Expect: 100-continue']]) {
    const peer = victim.peer('http').say(request(['Content-Length: 1073741824', ...expect], ''));
    assert.equal(statusIn(await peer.hear(/\r\n\r\n/)), 413);
    await peer.pour(Buffer.alloc(1 << 20), 1 << 30);
    assert.ok(peer.socket.bytesWritten < 64 << 20);
    peer.hangUp();
  }
});

test('a gigabyte in chunks is refused after 16 MB', async () => {
  const peer = victim.peer('http').say(request(['Transfer-Encoding: chunked'], ''));
  await peer.pour(Buffer.from('100000\r\n' + ' '.repeat(1 << 20) + '\r\n'), 1 << 30);
  assert.equal(statusIn(await peer.hear(/\r\n\r\n/)), 413);
  assert.ok(peer.socket.bytesWritten < 64 << 20);
  peer.hangUp();
});

test('bodies of 16 MB that never end', async () => {
  const peers = Array.from({ length: 8 }, () => victim.peer('http').say(request(['Content-Length: 16777216'], ' '.repeat(15 << 20))));
  await Promise.all(peers.map((peer) => peer.connected));
  await victim.serves();
  for (const peer of peers) peer.hangUp();
});

test('a client that hangs up at any byte of its request', async () => {
  const bytes = request(['Content-Length: 2']);
  for (let end = 0; end <= bytes.length; ++end) {
    const [closing, resetting] = [victim.peer('http').say(bytes.subarray(0, end)), victim.peer('http').say(bytes.subarray(0, end))];
    await Promise.all([closing.connected, resetting.connected]);
    closing.socket.end(() => closing.hangUp());
    resetting.reset();
  }
});

const envelope = Buffer.alloc(5);
const stream = (path, length, body = envelope) =>
  Buffer.concat([
    Buffer.from(`POST /stagecraft.v1.${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/connect+proto\r\nContent-Length: ${length}\r\n\r\n`),
    body,
  ]);

test('streams that are not read', async () => {
  const peers = [...Array(50).fill('EventService/WatchChanges'), ...Array(5).fill('AdminService/Backup')].map((path) => {
    const peer = victim.peer('http');
    peer.socket.pause();
    return peer.say(stream(path, 5));
  });
  await Promise.all(peers.map((peer) => peer.connected));
  for (let i = 0; i < 20; ++i) {
    const event = { contact: 'ana', type: 'contact updated', createIfMissing: true };
    assert.equal((await victim.post('EventService/PublishEvent', { event })).status, 200);
  }
  await victim.serves();
  for (const peer of peers) peer.hangUp();
});

test('a client that hangs up in the midst of a stream', async () => {
  for (const path of ['EventService/WatchChanges', 'AdminService/Backup', 'NotificationService/WatchNotifications']) {
    for (const end of ['hangUp', 'reset']) {
      const peer = victim.peer('http').say(stream(path, 5));
      await peer.hear(/\r\n\r\n[^]/);
      assert.equal(statusIn(peer.heard), 200);
      peer[end]();
    }
  }
  for (const end of ['hangUp', 'reset']) {
    const peer = victim.peer('http').say(stream('ContactService/ImportContacts', 1_000));
    await peer.connected;
    peer[end]();
  }
});

test('a thousand connections that do nothing', async () => {
  const peers = Array.from({ length: 1_000 }, () => victim.peer('http'));
  await Promise.all(peers.map((peer) => peer.connected));
  const begin = Date.now();
  await victim.serves();
  assert.ok(Date.now() - begin < 5_000);
  assert.equal(peers.filter((peer) => peer.isClosed).length, 0);
  for (const peer of peers) peer.hangUp();
});

test('who says nothing, or not all of it, is cut off', async () => {
  assert.ok(await until(() => silent.every((peer) => peer.isClosed), 20_000));
  for (const peer of silent) {
    assert.equal(peer.heard, '');
    peer.hangUp();
  }
  victim.atRest.files -= silent.length;
});
