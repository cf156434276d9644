// Requests that are whole, and wrong: what is in them, who sends them, where they go on, and how much time they have.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, afterEach, before, test } from 'node:test';
import { Victim, field, kInfo, message, until } from './bad_clients.mjs';

let victim;
before(async () => {
  victim = await Victim.start();
  const events = ['ana', 'ben', 'eva'].map((contact) => ({ contact, type: 'contact updated', createIfMissing: true }));
  assert.equal((await victim.post('EventService/PublishEvents', { events })).status, 200);
});
afterEach(() => victim.isUnharmed());
after(() => victim.stop());

const reasonOf = (answer) => answer.json.details.find((each) => each.type === 'google.rpc.ErrorInfo').debug.reason;
const publish = (body, head) => victim.post('EventService/PublishEvent', body, head);
const withText = (text) => `{"event": {"contact": "ana", "type": "contact updated", "properties": [{"name": "first name", "text": ${text}}]}}`;
const withNumber = (number) => `{"event": {"contact": "ana", "type": "contact updated", "properties": [{"name": "amount", "number": ${number}}]}}`;

for (const [what, body] of [
  ['nothing but blanks', '   '],
  ['a number', '1'],
  ['an array', '[]'],
  ['a text', '"event"'],
  ['half', '{"event": {"contact": "an'],
  ['two documents', '{}{}'],
  ['a hundred thousand brackets', '['.repeat(100_000)],
  ['a hundred thousand braces', '{"event":'.repeat(100_000)],
  ['deep in a field that there is not', '{"a":' + '['.repeat(100_000) + ']'.repeat(100_000) + '}'],
  ['NaN without quotes', withNumber('NaN')],
  ['a number of 400 digits', withNumber('9'.repeat(400))],
  ['1e999', withNumber('1e999')],
  ['a number for a text', '{"event": {"contact": "ana", "type": 7}}'],
  ['a NUL', '{"event": \0}'],
  ['a byte order mark in UTF-16', Buffer.from('\ufeff{}', 'utf16le')],
  ['bytes that are no UTF-8', Buffer.concat([Buffer.from('{"event": {"contact": "'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('", "type": "contact updated"}}')])],
]) {
  test(`JSON: ${what} is refused`, async () => {
    const answer = await publish(body);
    assert.equal(answer.status, 400, answer.text.slice(0, 500));
    assert.equal(answer.json.code, 'invalid_argument');
    assert.ok(answer.text.length < 4_096);
  });
}

for (const [what, body, statuses] of [
  ['a key twice', '{"event": {"contact": "ana", "contact": "ben", "type": "contact updated"}}', [200, 400]],
  ['a lone surrogate', withText('"\\ud800"'), [200, 400]],
  ['a NUL in a text', withText('"a\\u0000b"'), [200, 400]],
  ['a text of a megabyte', withText(JSON.stringify('a'.repeat(1 << 20))), [400]],
  ['a contact of a megabyte', JSON.stringify({ event: { contact: 'a'.repeat(1 << 20), type: 'contact updated' } }), [400]],
  ['ten thousand properties', JSON.stringify({ event: { contact: 'ana', type: 'contact updated', properties: Array(10_000).fill({ name: 'first name', text: 'a' }) } }), [400]],
]) {
  test(`JSON: ${what} is answered, and does not make the answer long`, async () => {
    const answer = await publish(body);
    assert.ok(statuses.includes(answer.status), `${answer.status} ${answer.text.slice(0, 500)}`);
    // Details have 4 KB at most, and are there twice: to be read by programs, and by people.
    assert.ok(answer.text.length < 16_384);
  });
}

const proto = { 'Content-Type': 'application/proto' };
const event = (text) =>
  field(1, Buffer.concat([field(2, Buffer.from('ana')), field(3, Buffer.from('contact updated')), field(7, Buffer.concat([field(1, Buffer.from('first name')), field(2, text)]))]));

test('Protocol Buffers: cut at any byte', async () => {
  const whole = event(Buffer.from('Ana'));
  for (let end = 0; end < whole.length; ++end) {
    const answer = await publish(whole.subarray(0, end), proto);
    assert.equal(answer.status, 400, String(end));
  }
  assert.equal((await publish(whole, proto)).status, 200);
});

for (const [what, body, status] of [
  ['a text that is not UTF-8', event(Buffer.from([0xff, 0xfe])), 400],
  ['groups within groups', Buffer.alloc(1_000_000, 0x7b), 400],
  ['a tag of zero', Buffer.from([0, 0]), 400],
  ['a length of 4 GiB', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]), 400],
  ['a varint without an end', Buffer.alloc(100, 0xff), 400],
  ['a hundred thousand fields that there are not', Buffer.concat([event(Buffer.from('Ana')), ...Array(100_000).fill(field(999, Buffer.from('abc')))]), 200],
  ['more than gRPC takes', Buffer.alloc(9 << 20, ' '), 429],
]) {
  test(`Protocol Buffers: ${what}: ${status}`, async () => {
    const answer = await publish(body, proto);
    assert.equal(answer.status, status, answer.text.slice(0, 500));
  });
}

test('JSON in bytes that are no UTF-8 is refused with a reason, and the place', async () => {
  const body = Buffer.concat([Buffer.from('{"event": {"contact": "'), Buffer.from([0xff]), Buffer.from('"}}')]);
  const answer = await publish(body);
  assert.equal(answer.status, 400);
  assert.equal(reasonOf(answer), 'UNREADABLE_REQUEST');
  assert.match(answer.json.message, /byte 24 is no part of a character/);
});

test('envelopes that are cut, compressed, too many, or say 4 GiB', async () => {
  const whole = message();
  for (const body of [...[1, 2, 3, 4].map((end) => whole.subarray(0, end)), message(Buffer.from('abc'), 0xffffffff), message(Buffer.alloc(0), 0, 1), Buffer.concat([whole, whole]), Buffer.alloc(0)]) {
    const answer = await victim.post('EventService/WatchChanges', body, { 'Content-Type': 'application/connect+proto' });
    assert.equal(answer.status, 200);
    assert.match(answer.text, /"code":"(invalid_argument|unimplemented)"/);
  }
});

test('a millisecond is too short, or it is not; in both cases the answer says which', async () => {
  for (let i = 0; i < 50; ++i) {
    const answer = await victim.post('ContactService/ListContacts', {}, { 'Connect-Timeout-Ms': '1' });
    assert.ok(answer.status === 200 || (answer.status === 504 && answer.json.code === 'deadline_exceeded'), answer.text);
  }
});

for (const text of ['soon', '-1', '+1', '1.5', '1e3', '0x1', '1 2', '12345678901', '99999999999999999999999', '1,1', '\u00b9']) {
  test(`a timeout of ${text} is refused`, async () => {
    const answer = await victim.post('AdminService/GetServerInfo', {}, { 'Connect-Timeout-Ms': text });
    assert.equal(answer.status, 400);
    assert.match(answer.json.message, /Connect-Timeout-Ms/);
  });
}

test('a page token of another query, and one that was altered', async () => {
  const list = (body) => victim.post('ContactService/ListContacts', body);
  const first = await list({ pageSize: 1, filter: 'first name is not set' });
  assert.equal(first.status, 200, first.text);
  const token = first.json.nextPageToken;
  assert.ok(token);
  assert.equal((await list({ pageSize: 2, filter: 'first name is not set', pageToken: token })).status, 200);
  const altered = [token.slice(1), 'A' + token.slice(1), token + token, token + '!', '!', 'A', '\u0000', 'AAAA', 'A'.repeat(100_000), Buffer.alloc(64, 0xff).toString('base64url')];
  for (const pageToken of altered) {
    const answer = await list({ pageSize: 1, filter: 'first name is not set', pageToken });
    assert.equal(answer.status, 400, pageToken);
    assert.equal(reasonOf(answer), 'INVALID_PAGE_TOKEN');
  }
  for (const filter of ['', 'last name is not set']) {
    const answer = await list({ pageSize: 1, filter, pageToken: token });
    assert.equal(answer.status, 400, filter);
    assert.equal(reasonOf(answer), 'INVALID_PAGE_TOKEN');
  }
  for (const pageSize of [-1, -2147483648]) {
    const answer = await list({ pageSize });
    assert.equal(reasonOf(answer), 'INVALID_PAGE_SIZE');
  }
});

test('who has a token that is none, or was taken back, is told so on both ports', async () => {
  const guarded = await Victim.start();
  try {
    const stagecraft = (...words) => execFileSync(process.env.STAGECRAFT_BINARY, ['token', ...words, '--data', guarded.server.data], { encoding: 'utf8' });
    const secret = stagecraft('create', 'ana', '--role', 'viewer').match(/sc_\S+/)[0];
    const id = stagecraft('list').match(/^([0-9a-f]{8,}) .*/m)?.[1];
    const both = async (authorization) => {
      const head = authorization === undefined ? {} : { authorization };
      const [http, grpc] = [await guarded.post('AdminService/GetServerInfo', {}, head), await guarded.call(kInfo, message(), { head })];
      return { http: http.status, grpc: grpc.status, reason: http.status === 200 ? undefined : reasonOf(http) };
    };
    assert.ok(await until(async () => (await both()).http === 401));
    assert.deepEqual(await both(`Bearer ${secret}`), { http: 200, grpc: 0, reason: undefined });
    for (const [authorization, reason] of [
      [undefined, 'TOKEN_MISSING'],
      ['Bearer', 'TOKEN_MISSING'],
      ['Basic YTpi', 'TOKEN_MISSING'],
      [secret, 'TOKEN_MISSING'],
      ['Bearer x', 'TOKEN_UNKNOWN'],
      [`Bearer  ${secret}`, 'TOKEN_UNKNOWN'],
      [`Bearer ${secret}x`, 'TOKEN_UNKNOWN'],
      [`Bearer ${secret.slice(0, -1)}`, 'TOKEN_UNKNOWN'],
      [`Bearer ${secret}, Bearer ${secret}`, 'TOKEN_UNKNOWN'],
      [`Bearer ${'a'.repeat(900)}`, 'TOKEN_UNKNOWN'],
    ]) {
      assert.deepEqual(await both(authorization), { http: 401, grpc: 16, reason }, authorization);
    }
    assert.deepEqual(await guarded.post('EventService/PublishEvent', { event: {} }, { authorization: `Bearer ${secret}` }).then(reasonOf), 'ROLE_TOO_LOW');
    stagecraft('revoke', id);
    assert.ok(await until(async () => (await both(`Bearer ${secret}`)).reason === 'TOKEN_REVOKED', 5_000));
    assert.equal((await both(`Bearer ${secret}`)).grpc, 16);
  } finally {
    await guarded.stop();
  }
});
