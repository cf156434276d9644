// What other systems send: HubSpot's webhooks, signed as HubSpot signs them, and generic ones, signed by the library of Standard Webhooks.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as node from '@connectrpc/connect-node';
import { createClient } from '@connectrpc/connect';
import { Webhook } from 'standardwebhooks';
import { startServer } from './serve.mjs';
import { service } from './services.mjs';

const hubspotSecret = 'an-app-s-client-secret';
const genericSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const publicUrl = 'https://hooks.acme.example';

let server;
let contacts;
before(async () => {
  server = await startServer(['--public-url', publicUrl], {
    STAGECRAFT_HUBSPOT_SECRET: hubspotSecret,
    STAGECRAFT_WEBHOOK_SECRET: genericSecret,
  });
  contacts = createClient(service('ContactService'), node.createGrpcTransport({ baseUrl: `http://${server.address}` }));
});
after(async () => {
  assert.equal(await server.stop(), 0);
  for (const secret of [hubspotSecret, genericSecret, genericSecret.slice(6)]) assert.ok(!server.log().includes(secret));
});

async function post(path, body, headers) {
  const response = await fetch(server.url + path, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } });
  const text = await response.text();
  return { status: response.status, body: text && JSON.parse(text), text, retryAfter: response.headers.get('retry-after') };
}

// Signed as HubSpot says: method, address, body and time, under the app's secret.
function hubspot(events, { at = Date.now(), secret = hubspotSecret, url = publicUrl, body = JSON.stringify(events) } = {}) {
  const signature = createHmac('sha256', secret).update(`POST${url}/webhooks/hubspot${body}${at}`).digest('base64');
  return post('/webhooks/hubspot', body, { 'X-HubSpot-Signature-v3': signature, 'X-HubSpot-Request-Timestamp': `${at}` });
}

function generic(body, { id = `msg_${Math.random()}`, at = new Date(), secret = genericSecret } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const signature = new Webhook(secret).sign(id, at, text);
  return post('/webhooks/generic', text, {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
    'webhook-signature': signature,
  });
}

let lastId = 1000;
const event = (subscriptionType, objectId, more = {}) => ({
  eventId: ++lastId, subscriptionId: 7, portalId: 42, appId: 9, occurredAt: Date.now(), subscriptionType, objectId, attemptNumber: 0, ...more,
});
const change = (objectId, propertyName, propertyValue, more = {}) =>
  event('contact.propertyChange', objectId, { propertyName, propertyValue, ...more });

async function read(id) {
  const { contact } = await contacts.getContact({ name: `contacts/${id}` });
  return Object.fromEntries(contact.properties.map(({ name, value }) => [name, value.value]));
}

const done = (applied, more = {}) => ({ status: 200, body: { applied, duplicates: 0, ignored: 0, rejected: [], ...more } });
function is({ status, body }, expected) {
  assert.deepEqual({ status, body }, expected);
}

test('hubspot: a contact is made, and its properties change in the order in which it happened', async () => {
  const now = Date.now();
  is(await hubspot([
    change(101, 'firstname', 'Bea', { occurredAt: now - 1000 }),
    change(101, 'firstname', 'Ana', { occurredAt: now - 2000 }),
    event('contact.creation', 101, { occurredAt: now - 3000 }),
    change(101, 'hs_lead_status', 'NEW', { occurredAt: now - 900 }),
    change(101, 'lifecyclestage', 'salesqualifiedlead', { occurredAt: now - 950 }),
  ]), done(5));
  assert.deepEqual(await read(101), { 'first name': 'Bea', status: 'NEW', lifecycle: 'salesqualifiedlead' });
});

test('hubspot: what comes again is known', async () => {
  const events = [event('contact.creation', 102), change(102, 'email', 'ana@example.com')];
  is(await hubspot(events), done(2));
  is(await hubspot(events.map((each) => ({ ...each, attemptNumber: 1 }))), done(0, { duplicates: 2 }));
});

test('hubspot: what comes late counts where nothing newer is known, also when it is older than what made the contact', async () => {
  const now = Date.now();
  is(await hubspot([change(110, 'firstname', 'New', { occurredAt: now })]), done(1));
  is(await hubspot([change(110, 'firstname', 'Old', { occurredAt: now - 3_600_000 })]), done(0, { ignored: 1 }));
  const older = [change(110, 'lastname', 'Lima', { occurredAt: now - 3_600_000 })];
  is(await hubspot(older), done(1));
  is(await hubspot(older), done(0, { duplicates: 1 }));
  is(await hubspot([event('contact.creation', 110, { occurredAt: now - 7_200_000 })]), done(0, { ignored: 1 }));
  assert.deepEqual(await read(110), { 'first name': 'New', 'last name': 'Lima' });
});

test('hubspot: an empty value clears the property', async () => {
  await hubspot([change(103, 'jobtitle', 'CTO')]);
  is(await hubspot([change(103, 'jobtitle', '')]), done(1));
  assert.deepEqual(await read(103), {});
});

test('hubspot: deleted, restored, and forgotten for good', async () => {
  is(await hubspot([event('contact.creation', 104)]), done(1));
  is(await hubspot([event('contact.deletion', 104)]), done(1));
  assert.ok((await contacts.getContact({ name: 'contacts/104' })).contact.deleteTime);
  is(await hubspot([event('contact.restore', 104)]), done(1));
  assert.ok(!(await contacts.getContact({ name: 'contacts/104' })).contact.deleteTime);
  is(await hubspot([event('contact.privacyDeletion', 104)]), done(1));
  await assert.rejects(contacts.getContact({ name: 'contacts/104' }), /not_found/);
  // HubSpot sends at least once.
  is(await hubspot([event('contact.privacyDeletion', 104)]), done(0, { duplicates: 1 }));
});

test('hubspot: two contacts become one, also when that one is new', async () => {
  is(await hubspot([change(105, 'firstname', 'Ana'), change(106, 'lastname', 'Lima')]), done(2));
  is(await hubspot([event('contact.merge', 105, { primaryObjectId: 105, mergedObjectIds: [106], newObjectId: 107 })]), done(3));
  assert.deepEqual(await read(107), { 'first name': 'Ana', 'last name': 'Lima' });
});

test('hubspot: what is of no concern is passed over, what is wrong is said, and the rest counts', async () => {
  const { status, body } = await hubspot([
    event('deal.creation', 9),
    change(108, 'firstname', 'Ana'),
    change(108, 'lifecyclestage', 'no such stage'),
  ]);
  assert.equal(status, 200); // again it would be as wrong
  assert.deepEqual([body.applied, body.ignored, body.rejected.length], [1, 1, 1]);
  assert.match(body.rejected[0].id, /^hubspot-42-7-\d+$/);
  assert.match(body.rejected[0].message, /no such stage/);
  assert.match(body.rejected[0].reason, /^[A-Z_]+$/);
});

test('hubspot: only what HubSpot signed, to this address, within five minutes', async () => {
  const events = [event('contact.creation', 109)];
  const minutes = (n) => Date.now() + n * 60_000;
  for (const [wrong, why] of [
    [{ secret: 'another' }, /--public-url/],
    [{ url: 'https://elsewhere.example' }, /--public-url/],
    [{ at: minutes(-6) }, /five minutes/],
    [{ at: minutes(6) }, /five minutes/],
    [{ at: 'yesterday' }, /five minutes/],
  ]) {
    const { status, body, text } = await hubspot(events, wrong);
    assert.equal(status, 401, JSON.stringify(wrong));
    assert.equal(body.code, 'unauthenticated');
    assert.match(body.message, why);
    assert.ok(!text.includes(hubspotSecret));
  }
  is(await hubspot(events, { at: minutes(-4) }), done(1));
  const unsigned = await post('/webhooks/hubspot', JSON.stringify(events), {});
  assert.equal(unsigned.status, 401);
  assert.match(unsigned.body.message, /no X-HubSpot-Signature-v3/);
});

test('hubspot: signed rubbish is answered, not taken', async () => {
  for (const body of ['', 'null', '{}', '[1]', '[{}]', '[{"subscriptionType":"contact.creation"}]', '[[[[', '[{"subscriptionType":"contact.creation","objectId":1,"eventId":1}]']) {
    const { status, body: said } = await hubspot(null, { body });
    assert.equal(status, 400, body);
    assert.match(said.message, /not what HubSpot sends/);
  }
  assert.equal((await fetch(server.url + '/webhooks/hubspot')).status, 405);
});

test('hubspot: a time beyond the year 9999 is refused', async () => {
  for (const occurredAt of ['253402300800000', '9223372036854775807']) {
    const body = `[{"subscriptionType":"contact.creation","objectId":1,"eventId":1,"occurredAt":${occurredAt}}]`;
    const { status, body: said } = await hubspot(null, { body });
    assert.equal(status, 400, occurredAt);
    assert.match(said.message, /`occurredAt` of an event is after the year 9999/);
  }
});

test('generic: one event, and once', async () => {
  const one = { contact: 'g1', type: 'contact updated', createIfMissing: true, properties: [{ name: 'first name', text: 'Ana' }] };
  is(await generic(one, { id: 'msg_1' }), done(1));
  is(await generic(one, { id: 'msg_1' }), done(0, { duplicates: 1 }));
  assert.deepEqual(await read('g1'), { 'first name': 'Ana' });
});

test('generic: several at once, each with its own outcome', async () => {
  const made = (contact, type) => ({ contact, type, createIfMissing: true });
  const { status, body } = await generic({ events: [made('g2', 'contact updated'), made('g3', 'no such event'), made('g4', 'contact updated')] }, { id: 'msg_2' });
  assert.equal(status, 200);
  assert.equal(body.applied, 2);
  assert.deepEqual(body.rejected.map(({ id, reason }) => [id, reason]), [['msg_2-1', 'UNKNOWN_EVENT_TYPE']]);
});

test('generic: when nothing of it can be taken, the sender learns by the status', async () => {
  const { status, body } = await generic({ contact: 'g5', type: 'no such event' });
  assert.equal(status, 422);
  assert.equal(body.rejected[0].reason, 'UNKNOWN_EVENT_TYPE');
  for (const text of ['', 'null', '[]', '{"no such field": 1}', '{"contact": 7']) assert.equal((await generic(text)).status, 400, text);
});

test('generic: only what was signed, within five minutes; while a key is changed, by either', async () => {
  const body = JSON.stringify({ contact: 'g6', type: 'contact updated', createIfMissing: true });
  const other = 'whsec_' + Buffer.alloc(32, 7).toString('base64');
  assert.equal((await generic(body, { secret: other })).status, 401);
  assert.equal((await generic(body, { at: new Date(Date.now() - 6 * 60_000) })).status, 401);
  assert.equal((await generic(body, { at: new Date(Date.now() + 6 * 60_000) })).status, 401);
  const at = new Date();
  const headers = { 'webhook-id': 'msg_3', 'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}` };
  assert.equal((await post('/webhooks/generic', body, headers)).status, 401);
  const both = `${new Webhook(other).sign('msg_3', at, body)} ${new Webhook(genericSecret).sign('msg_3', at, body)}`;
  is(await post('/webhooks/generic', body, { ...headers, 'webhook-signature': both }), done(1));
  // The same signature with another id, time or body is none.
  assert.equal((await post('/webhooks/generic', body + ' ', { ...headers, 'webhook-signature': both })).status, 401);
  assert.equal((await post('/webhooks/generic', body, { ...headers, 'webhook-id': 'msg_4', 'webhook-signature': both })).status, 401);
});

test('where tokens are wanted the signature stands for one, and for nobody else', async () => {
  const guarded = await startServer([], { STAGECRAFT_WEBHOOK_SECRET: genericSecret });
  execFileSync(process.env.STAGECRAFT_BINARY, ['token', 'create', 'ana', '--role', 'admin', '--data', guarded.data]);
  const body = JSON.stringify({ contact: 'g7', type: 'contact updated', createIfMissing: true });
  const headers = { 'Content-Type': 'application/json', 'stagecraft-webhook': 'webhooks/generic' };
  const publish = () => fetch(`${guarded.url}/stagecraft.v1.EventService/PublishEvents`, { method: 'POST', headers, body: '{}' });
  while ((await publish()).status !== 401); // a server learns of its first token within a second
  const at = new Date();
  const signed = { 'webhook-id': 'm', 'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`, 'webhook-signature': new Webhook(genericSecret).sign('m', at, body) };
  const answer = await fetch(`${guarded.url}/webhooks/generic`, { method: 'POST', headers: { ...headers, ...signed }, body });
  is({ status: answer.status, body: await answer.json() }, done(1));
  const grpc = createClient(service('EventService'), node.createGrpcTransport({ baseUrl: `http://${guarded.address}` }));
  await assert.rejects(grpc.publishEvents({}, { headers: { 'stagecraft-webhook': 'webhooks/generic' } }), /unauthenticated/);
  await guarded.stop();
});

test('a server that knows no secret has no such address', async () => {
  const bare = await startServer();
  for (const path of ['/webhooks/hubspot', '/webhooks/generic']) assert.equal((await fetch(bare.url + path, { method: 'POST', body: '[]' })).status, 404);
  await bare.stop();
});

test('what is to be sent again says when', async () => {
  const admin = createClient(service('AdminService'), node.createGrpcTransport({ baseUrl: `http://${server.address}` }));
  await admin.setMaintenance({ enabled: true });
  const refused = [await generic({ contact: 'later', type: 'contact updated', create_if_missing: true }), await hubspot([event('contact.creation', 4711)])];
  await admin.setMaintenance({ enabled: false });
  for (const { status, retryAfter } of refused) assert.deepEqual({ status, retryAfter }, { status: 503, retryAfter: '1' });
});
