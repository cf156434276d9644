// How a program calls Stagecraft: it publishes events, reads contacts, understands errors, and watches what happens.
// STAGECRAFT_SERVER=HOST:PORT, with STAGECRAFT_TLS_CA (a file) and STAGECRAFT_TOKEN where the server wants them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from '../gen/google/rpc/error_details_pb.js';
import { ContactService } from '../gen/stagecraft/v1/contact_service_pb.js';
import { EventSchema, EventService, StreamEventsRequestSchema, type Change } from '../gen/stagecraft/v1/event_service_pb.js';

// [connect]
const token = process.env.STAGECRAFT_TOKEN ?? '';
const ca = process.env.STAGECRAFT_TLS_CA; // a file; without it the system's authorities are trusted
const address = process.env.STAGECRAFT_SERVER ?? '127.0.0.1:7400';
const isThisMachine = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]):\d+$/.test(address);
const scheme = isThisMachine && !ca ? 'http' : 'https'; // never a token to another machine without TLS

const withToken: Interceptor = (next) => (request) => {
  if (token) request.header.set('authorization', `Bearer ${token}`);
  return next(request);
};
const baseUrl = `${scheme}://${address}`;
const connection = new Http2SessionManager(baseUrl, { pingIntervalMs: 30_000 }, ca ? { ca: readFileSync(ca) } : {});
const transport = createGrpcTransport({ baseUrl, sessionManager: connection, interceptors: [withToken], defaultTimeoutMs: 30_000 });
const events = createClient(EventService, transport);
const contacts = createClient(ContactService, transport);
// [/connect]

// [retry]
// Repeats a call that may be made twice: a read, or one whose request has an id of its own.
async function retried<T>(call: () => Promise<T>, triesLeft = 6, pauseMs = 100): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    const error = ConnectError.from(thrown);
    const asked = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
    const askedMs = asked ? Number(asked.seconds) * 1000 + asked.nanos / 1e6 : undefined;
    const passes = error.code === Code.Unavailable || (error.code === Code.ResourceExhausted && askedMs !== undefined);
    if (!passes || triesLeft <= 1) throw error;
    await sleep(Math.max(askedMs ?? 0, pauseMs * (0.5 + Math.random() / 2)));
    return retried(call, triesLeft - 1, Math.min(pauseMs * 2, 5000));
  }
}
// [/retry]

// [batch]
async function publishBatch() {
  // The ids are made once, outside of what is repeated: the same event twice changes nothing the second time.
  const batch: MessageInitShape<typeof EventSchema>[] = ['ana', 'ben'].map((contact) => ({
    eventId: randomUUID(),
    contact: `contacts/${contact}`,
    type: 'contact updated',
    createIfMissing: true,
    properties: [
      { name: 'first name', value: { case: 'text', value: contact } },
      { name: 'lifecycle', value: { case: 'text', value: 'SQL' } },
    ],
  }));
  batch.push({ eventId: randomUUID(), contact: 'contacts/ana', type: 'page veiwed' });
  const { results } = await retried(() => events.publishEvents({ events: batch }));
  for (const { index, error } of results) {
    if (error) console.log(`event ${index} was not taken: ${error.message}`); // the others were
  }
  return results.filter(({ error }) => !error).length;
}
// [/batch]

// [stream]
async function publishStream(batches: number) {
  async function* requests() {
    for (let batch = 1; batch <= batches; ++batch) {
      const views = Array.from({ length: 256 }, () =>
        create(EventSchema, { eventId: randomUUID(), contact: 'contacts/ana', type: 'page viewed' }));
      yield create(StreamEventsRequestSchema, { batch: BigInt(batch), events: views });
    }
  }
  // Answers come in the order of the batches. After a break, batches without an answer are sent again, with the same ids.
  let applied = 0;
  for await (const answer of events.streamEvents(requests(), { timeoutMs: 0 })) {
    applied += answer.applied;
    for (const result of answer.results) console.log(`batch ${answer.batch}, event ${result.index}: ${result.error?.message}`);
  }
  return applied;
}
// [/stream]

// [read]
async function readContacts() {
  const { contact } = await retried(() => contacts.getContact({ name: 'contacts/ana' }));
  const firstName = contact?.properties.find(({ name }) => name === 'first name')?.text;
  const names: string[] = [];
  let pageToken = '';
  do {
    const page = await retried(() => contacts.listContacts({ filter: 'lifecycle is SQL', pageSize: 1, pageToken }));
    names.push(...page.contacts.map(({ name }) => name));
    pageToken = page.nextPageToken;
  } while (pageToken);
  return { firstName, names };
}
// [/read]

// [error]
async function readNobody() {
  try {
    await contacts.getContact({ name: 'contacts/nobody' });
  } catch (thrown) {
    const error = ConnectError.from(thrown);
    const reason = error.findDetails(ErrorInfoSchema)[0]?.reason;
    const fields = error.findDetails(BadRequestSchema).flatMap((detail) => detail.fieldViolations.map(({ field }) => field));
    if (reason === 'CONTACT_NOT_FOUND') return `nobody there: ${error.rawMessage}`;
    throw new Error(`${Code[error.code]} ${reason ?? ''} ${fields.join(', ')}: ${error.rawMessage}`);
  }
  throw new Error('there is a contact that should not be there');
}
// [/error]

// [watch]
// What happens behind `cursor`, over breaks of the connection; keep the cursor of an answer when its changes are handled.
async function* watch(cursor: string): AsyncGenerator<{ cursor: string; changes: Change[] }> {
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 5000)) {
    try {
      for await (const answer of events.watchChanges({ cursor }, { timeoutMs: 0 })) {
        pauseMs = 100;
        cursor = answer.cursor;
        yield answer;
      }
    } catch (thrown) {
      const { code } = ConnectError.from(thrown);
      if (code !== Code.Unavailable && code !== Code.ResourceExhausted && code !== Code.Aborted && code !== Code.Internal) throw thrown;
    }
    await sleep(pauseMs * (0.5 + Math.random() / 2));
  }
}
// [/watch]

// The first answer has a cursor alone. Everything that happens from then on comes, also to who begins again with it.
async function watchTwice() {
  let start = '';
  for await (const { cursor } of watch('')) {
    start = cursor;
    break;
  }
  const eventId = randomUUID();
  await retried(() => events.publishEvent({ event: { eventId, contact: 'contacts/ana', type: 'page viewed' } }));
  for await (const { changes } of watch(start)) {
    for (const { contact, entry } of changes) {
      if (entry?.eventId === eventId) return `${contact}: ${entry.title}`;
    }
  }
  throw new Error('unreachable');
}

assert.equal(await publishBatch(), 2);
assert.equal(await publishStream(4), 1024);
assert.deepEqual(await readContacts(), { firstName: 'ana', names: ['contacts/ana', 'contacts/ben'] });
console.log(await readNobody());
console.log(await watchTwice());
connection.abort(); // otherwise the program stays for as long as the connection does
