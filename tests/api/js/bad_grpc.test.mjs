// Clients of the gRPC port that send what they must not, too much, too slowly, or leave: each is answered precisely or cut off, and the next
// client notices nothing.
import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { after, afterEach, before, test } from 'node:test';
import { Victim, field, frame, headers, kInfo, kPreface, kSettings, message, randomBytes, sleep, within } from './bad_clients.mjs';

const kOk = 0;
const kCancelled = 1;
const kInvalidArgument = 3;
const kDeadlineExceeded = 4;
const kResourceExhausted = 8;
const kUnimplemented = 12;
const kData = 0, kHeaders = 1, kReset = 3, kPing = 6, kWindow = 8, kContinuation = 9;
const kEndStream = 1, kEndHeaders = 4;

const publish = '/stagecraft.v1.EventService/PublishEvents';
const stream = '/stagecraft.v1.EventService/StreamEvents';
const watch = '/stagecraft.v1.EventService/WatchChanges';
const backup = '/stagecraft.v1.AdminService/Backup';
const importContacts = '/stagecraft.v1.ContactService/ImportContacts';

let victim;
before(async () => {
  victim = await Victim.start();
  const { status } = await victim.post('EventService/PublishEvent', { event: { contact: 'ana', type: 'contact updated', createIfMissing: true } });
  assert.equal(status, 200);
});
afterEach(() => victim.isUnharmed());
after(() => victim.stop());

const greet = () => victim.peer('grpc').say(Buffer.concat([kPreface, kSettings]));
const begin = (path, id = 1, others = {}) => frame(kHeaders, kEndHeaders, id, headers(path, others));

// A connection by a proper HTTP/2, for calls that go on.
function connect(options = {}) {
  const connection = http2.connect(`http://${victim.server.address}`, options);
  connection.on('error', () => {});
  return {
    open(path, body) {
      const call = connection.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' });
      call.on('error', () => {});
      if (body) call.write(body);
      return call;
    },
    hangUp: () => connection.destroy(),
    connection,
  };
}

test('random bytes are no HTTP/2', async () => {
  const random = randomBytes(2, 600);
  for (let i = 0; i < 40; ++i) {
    const peer = victim.peer('grpc').say(random.next().value);
    assert.ok(await within(peer.closed, 5_000));
    peer.hangUp();
  }
});

test('random bytes after the greeting', async () => {
  const random = randomBytes(3, 5_000);
  for (let i = 0; i < 20; ++i) {
    const peer = greet().say(random.next().value);
    await sleep(10);
    peer.hangUp();
  }
});

test('HTTP/1.1 is no HTTP/2', async () => {
  const peer = victim.peer('grpc').say('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}');
  await peer.hear(/never/, 5_000);
  assert.ok(peer.isClosed);
  peer.hangUp();
});

for (const [what, bytes] of [
  ['a frame of 16 MB', frame(kData, 0, 1, Buffer.alloc(0), 0xffffff)],
  ['data on a stream that there is not', frame(kData, 0, 7, message())],
  ['a continuation of nothing', frame(kContinuation, kEndHeaders, 1, headers(kInfo))],
  ['a head that is no code', frame(kHeaders, kEndHeaders, 1, Buffer.alloc(200, 0xff))],
  ['a head with an entry of a table that is empty', frame(kHeaders, kEndHeaders, 1, Buffer.from([0xff, 0x7f]))],
  ['a stream of the server', begin(kInfo, 2)],
  ['a window beyond 2^31', Buffer.concat([frame(kWindow, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff])), frame(kWindow, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff]))])],
  ['settings that are no multiple of six', frame(4, 0, 0, Buffer.alloc(5))],
  ['a ping of three bytes', frame(kPing, 0, 0, Buffer.alloc(3))],
  ['a frame of an unknown type', frame(0x77, 0xff, 1, Buffer.alloc(100))],
]) {
  test(`${what}, and half of another frame`, async () => {
    const peer = greet().say(bytes).say(begin(kInfo, 9).subarray(0, 20));
    await sleep(50);
    peer.hangUp();
  });
}

test('pings and settings without end', async () => {
  for (const bytes of [frame(kPing, 0, 0, Buffer.alloc(8)), kSettings]) {
    const peer = greet();
    await peer.pour(Buffer.concat(Array(1_000).fill(bytes)), 8 << 20);
    peer.hangUp();
  }
});

test('five thousand calls that are begun and given up at once', async () => {
  const peer = greet();
  const calls = [];
  for (let id = 1; id < 10_000; id += 2) calls.push(begin(kInfo, id), frame(kReset, 0, id, Buffer.from([0, 0, 0, 8])));
  await peer.pour(Buffer.concat(calls), 1);
  await sleep(200);
  peer.hangUp();
});

// gRPC waits for what a length has promised, and keeps what has come of it.
test('a message that says it has 4 GiB', async () => {
  for (const path of [kInfo, publish, importContacts, stream]) {
    const client = connect();
    client.open(path, message(Buffer.alloc(100_000), 0xffffffff));
    await sleep(50);
    await victim.serves();
    client.hangUp();
  }
});

test('a message that ends within', async () => {
  for (const path of [kInfo, publish]) {
    const { status } = await victim.call(path, message(Buffer.from('abc'), 10));
    assert.equal(status, kInvalidArgument, path);
  }
});

test('a message that is too long', async () => {
  for (const path of [kInfo, publish, stream, importContacts]) {
    const { status, message: said } = await victim.call(path, message(Buffer.alloc((8 << 20) + 1, ' ')));
    assert.equal(status, kResourceExhausted, path);
    assert.match(said, /larger than max/);
  }
});

// Of a call with one message, what comes behind it is not read; a stream is read as long as it goes on, and nothing of it is kept.
for (const [path, total, mostTaken] of [[kInfo, 1 << 30, 64 << 20], [publish, 1 << 30, 64 << 20], [importContacts, 256 << 20, 1 << 30]]) {
  test(`${path} with message after message`, async () => {
    const client = connect();
    const call = client.open(path);
    const ended = new Promise((resolve) => call.on('close', resolve));
    call.on('data', () => {});
    const piece = message(Buffer.alloc(4 << 20, ' '));
    let sent = 0;
    while (sent < total && !call.destroyed) {
      sent += piece.length;
      if (call.write(piece)) continue;
      const drained = new Promise((resolve) => call.once('drain', resolve));
      if (!(await within(Promise.race([drained, ended]), 1_000))) break;
    }
    assert.ok(sent < mostTaken, `${sent >> 20} MB were taken`);
    client.hangUp();
  });
}

test('a stream of events that never ends, and is not read', async () => {
  const client = connect();
  const call = client.open(stream);
  const event = (i) => field(2, Buffer.concat([field(1, Buffer.from(`bad-${i}`)), field(2, Buffer.from('nobody'))]));
  const batch = message(Buffer.concat([Buffer.from([8, 1]), ...Array.from({ length: 1_000 }, (_, i) => event(i))]));
  for (let i = 0; i < 300 && !call.destroyed; ++i) {
    if (!call.write(batch)) await within(new Promise((resolve) => call.once('drain', resolve)), 20);
  }
  await victim.serves();
  client.hangUp();
});

test('streams of the server that are not read', async () => {
  const client = connect({ settings: { initialWindowSize: 0 } });
  for (let i = 0; i < 50; ++i) client.open(watch, message()).end();
  for (let i = 0; i < 5; ++i) client.open(backup, message()).end();
  for (let i = 0; i < 20; ++i) {
    const { status } = await victim.post('EventService/PublishEvent', { event: { contact: 'ana', type: 'contact updated' } });
    assert.equal(status, 200);
  }
  await victim.serves();
  client.hangUp();
});

test('a client that hangs up at any byte of its call', async () => {
  const bytes = Buffer.concat([kPreface, kSettings, begin(kInfo), frame(kData, kEndStream, 1, message())]);
  for (let end = 0; end <= bytes.length; ++end) {
    const [closing, resetting] = [victim.peer('grpc').say(bytes.subarray(0, end)), victim.peer('grpc').say(bytes.subarray(0, end))];
    await Promise.all([closing.connected, resetting.connected]);
    closing.socket.end(() => closing.hangUp());
    resetting.reset();
  }
});

test('a client that hangs up in the midst of a stream', async () => {
  for (const path of [watch, backup, stream, importContacts]) {
    for (const wait of [0, 5, 50]) {
      const client = connect();
      const call = client.open(path, message());
      if (path === watch || path === backup) call.end();
      call.on('data', () => {});
      await sleep(wait);
      client.hangUp();
    }
  }
});

test('a thousand connections that do nothing', async () => {
  const peers = Array.from({ length: 1_000 }, (_, i) => (i % 2 === 0 ? victim.peer('grpc') : greet()));
  await Promise.all(peers.map((peer) => peer.connected));
  const begin = Date.now();
  await victim.serves();
  assert.ok(Date.now() - begin < 5_000);
  for (const peer of peers) peer.hangUp();
});

test('calls that have a millisecond', async () => {
  for (let i = 0; i < 50; ++i) {
    const { status } = await victim.call(publish, message(), { head: { 'grpc-timeout': i % 2 === 0 ? '1m' : '1n' } });
    // It has no events, which may be seen first.
    assert.ok([kDeadlineExceeded, kInvalidArgument, kCancelled, -1].includes(status), String(status));
  }
});

test('timeouts that are none', async () => {
  for (const text of ['', 'm', '1', '1x', '-1S', '1.5S', '99999999999999999999H', '0S', 'soon', '1S1S']) {
    const { status } = await victim.call(kInfo, message(), { head: { 'grpc-timeout': text } });
    // gRPC passes over what it cannot read.
    assert.ok([kOk, kDeadlineExceeded, -1].includes(status), `${text}: ${status}`);
  }
});

test('calls that there are not', async () => {
  for (const path of ['/', '//', '/../', '/stagecraft.v1.AdminService', '/stagecraft.v1.AdminService/', '/stagecraft.v1.AdminService/Nothing', '/%00', '/' + 'a'.repeat(4_000)]) {
    const { status } = await victim.call(path, message());
    assert.equal(status, kUnimplemented, path);
  }
});

test('a head that is too long', async () => {
  const { status } = await victim.call(kInfo, message(), { head: { 'x-request-id': 'Z'.repeat(200_000) }, ms: 3_000 });
  assert.ok([kResourceExhausted, -1].includes(status), String(status));
});

// An event by PublishEvents: contact, type, and a property with a text.
const event = (text) =>
  field(1, Buffer.concat([field(2, Buffer.from('ana')), field(3, Buffer.from('contact updated')), field(7, Buffer.concat([field(1, Buffer.from('first name')), field(2, text)]))]));

test('a request that is cut at any byte', async () => {
  const whole = event(Buffer.from('Ana'));
  for (let end = 0; end < whole.length; ++end) {
    const { status } = await victim.call(publish, message(whole.subarray(0, end)));
    assert.equal(status, kInvalidArgument, String(end));
  }
});

test('a hundred thousand fields that there are not', async () => {
  const { status } = await victim.call(kInfo, message(Buffer.concat(Array(100_000).fill(field(999, Buffer.from('abc'))))));
  assert.equal(status, kOk);
});

test('groups within groups', async () => {
  const { status } = await victim.call(kInfo, message(Buffer.alloc(1_000_000, 0x7b)));
  assert.equal(status, kInvalidArgument);
});

test('a text that is not UTF-8', async () => {
  const answer = await victim.call('/stagecraft.v1.ContactService/GetContact', message(field(1, Buffer.from([0xc3, 0x28]))));
  assert.equal(answer.status, kInvalidArgument);
  assert.match(answer.message, /UTF-8/);
});
