// The HTTP door by clients that others made: Connect for JavaScript (for browsers and for Node.js, by the Connect protocol and by gRPC)
// and curl.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import * as node from '@connectrpc/connect-node';
import * as web from '@connectrpc/connect-web';
import { startServer } from './serve.mjs';
import { message, registry, service } from './services.mjs';

let server;
let transports;
before(async () => {
  server = await startServer(['--http-allow-origin', 'https://crm.acme.example']);
  const baseUrl = server.url;
  const jsonOptions = { registry }; // what stands in an Any
  transports = {
    'connect-web, JSON': web.createConnectTransport({ baseUrl, jsonOptions }),
    'connect-web, binary': web.createConnectTransport({ baseUrl, useBinaryFormat: true }),
    'connect-node, JSON': node.createConnectTransport({ baseUrl, httpVersion: '1.1', useBinaryFormat: false, jsonOptions }),
    'connect-node, binary': node.createConnectTransport({ baseUrl, httpVersion: '1.1' }),
    'connect-node, gRPC': node.createGrpcTransport({ baseUrl: `http://${server.address}` }),
  };
});
after(async () => assert.equal(await server.stop(), 0));

// One test for each of the clients.
function withEach(what, run) {
  for (const name of ['connect-web, JSON', 'connect-web, binary', 'connect-node, JSON', 'connect-node, binary', 'connect-node, gRPC']) {
    test(`${name}: ${what}`, () => run((service_name) => createClient(service(service_name), transports[name]), name));
  }
}

async function curl(...options) {
  const { stdout } = await promisify(execFile)('curl', ['--silent', '--show-error', '--include', ...options]);
  const [head, ...body] = stdout.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body: body.join('\r\n\r\n') };
}
const json = ['--header', 'Content-Type: application/json'];
const method = (name) => `${server.url}/stagecraft.v1.${name}`;

withEach('an event is published, and the contact is read back', async (client, name) => {
  const contact = `contacts/${name.replace(/[^a-zA-Z]/g, '')}`;
  const { result } = await client('EventService').publishEvent({
    event: { contact, type: 'contact updated', createIfMissing: true, properties: [{ name: 'first name', value: { case: 'text', value: 'Ана' } }] },
  });
  assert.equal(result.state, 1);
  const read = await client('ContactService').getContact({ name: contact });
  assert.equal(read.contact.name, contact);
  assert.equal(read.contact.properties.find((each) => each.name === 'first name').value.value, 'Ана');
});

withEach('an error has its code, its reason, and the field', async (client) => {
  await assert.rejects(client('EventService').publishEvent({ event: { contact: 'ana', type: 'page veiwed' } }), (error) => {
    assert.ok(error instanceof ConnectError);
    assert.equal(error.code, Code.InvalidArgument);
    assert.match(error.rawMessage, /page veiwed/);
    assert.equal(error.findDetails(message('google.rpc.ErrorInfo'))[0].reason, 'UNKNOWN_EVENT_TYPE');
    assert.equal(error.findDetails(message('google.rpc.BadRequest'))[0].fieldViolations[0].field, 'type');
    assert.equal(error.findDetails(message('google.rpc.Help'))[0].links[0].url, '/errors/UNKNOWN_EVENT_TYPE');
    return true;
  });
});

test('the server itself says what an error means', async () => {
  const { status, body } = await curl(`${server.url}/errors/UNKNOWN_EVENT_TYPE`);
  assert.equal(status, 200);
  assert.match(body, /^UNKNOWN_EVENT_TYPE: INVALID_ARGUMENT\n\nThe running scripts declare no event of this type\./);
  assert.equal((await curl(`${server.url}/errors/UNKNOWN_EVENT_TYP`)).status, 404);
});

withEach('a stream from the server comes whole', async (client) => {
  const files = new Map();
  for await (const part of client('AdminService').backup({})) files.set(part.file, (files.get(part.file) ?? 0) + part.data.length);
  assert.ok(files.get('journal.db') > 4096);
});

withEach('a stream is left by its reader, and the next call is answered', async (client) => {
  const leaving = new AbortController();
  await assert.rejects(async () => {
    for await (const part of client('AdminService').backup({}, { signal: leaving.signal })) {
      assert.ok(part.file);
      leaving.abort();
    }
  }, { code: Code.Canceled });
  for (;;) {
    // The server sees within half a second that nobody reads, and makes one backup at a time.
    try {
      for await (const part of client('AdminService').backup({})) assert.ok(part.file);
      return;
    } catch (error) {
      assert.equal(error.code, Code.ResourceExhausted);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
});

withEach('an operation is waited for, listed, and ended', async (client, name) => {
  const text = `on SQL set job title "${name}"\n`;
  const { operation } = await client('ScriptService').deployScripts({ files: [{ name: 'a.stage', text }], enrollExisting: true });
  const operations = client('google.longrunning.Operations');
  const over = await operations.waitOperation({ name: operation });
  assert.equal(over.done, true);
  const metadata = anyUnpack(over.metadata, message('stagecraft.v1.OperationMetadata'));
  assert.equal(metadata.kind, 3);
  assert.equal(metadata.doneCount, metadata.totalCount);
  assert.equal(anyUnpack(over.result.value, message('stagecraft.v1.Enrolment')).done, true);
  const listed = await operations.listOperations({ name: 'operations', filter: 'kind = ENROLMENT AND done = true' });
  assert.ok(listed.operations.some((each) => each.name === operation));
  await operations.cancelOperation({ name: operation }); // it is over: nothing changes
  assert.deepEqual(await operations.getOperation({ name: operation }), over);
  await assert.rejects(operations.getOperation({ name: 'operations/none' }), (error) => error.code === Code.NotFound);
});

test('connect-node: a stream to the server is one body', async () => {
  async function* pieces() {
    yield { part: { case: 'config', value: {} } };
  }
  const client = createClient(service('ContactService'), transports['connect-node, JSON']);
  // Not a file of contacts: the answer says so, and so it was read.
  await assert.rejects(client.importContacts(pieces()), (error) => error instanceof ConnectError && error.code !== Code.Unknown);
});

test('curl: a call in JSON', async () => {
  const answer = await curl(...json, '--data', '{}', method('AdminService/GetServerInfo'));
  assert.equal(answer.status, 200);
  assert.match(answer.head, /content-type: application\/json/);
  assert.match(JSON.parse(answer.body).version, /^\d+\.\d+\.\d+$/);
});

test('curl: a field that there is not is named', async () => {
  const answer = await curl(...json, '--data', '{"event": {"contct": "ana"}}', method('EventService/PublishEvent'));
  assert.equal(answer.status, 400);
  const error = JSON.parse(answer.body);
  assert.equal(error.code, 'invalid_argument');
  assert.match(error.message, /contct/);
  assert.equal(error.details[0].debug.reason, 'UNREADABLE_REQUEST');
});

for (const [what, options, status, said] of [
  ['JSON that is none', [...json, '--data', '{'], 400, /not JSON/],
  ['binary that is none', ['--header', 'Content-Type: application/proto', '--data', '\x0a\x7f'], 400, /cannot be read/],
  ['another type of content', ['--header', 'Content-Type: text/plain', '--data', '{}'], 415, /application\/json/],
  ['a stream where one message is taken', ['--header', 'Content-Type: application/connect+json', '--data', '{}'], 415, /application\/json/],
  ['another version of the protocol', [...json, '--header', 'Connect-Protocol-Version: 2', '--data', '{}'], 400, /Connect-Protocol-Version/],
  ['a timeout that is none', [...json, '--header', 'Connect-Timeout-Ms: soon', '--data', '{}'], 400, /Connect-Timeout-Ms/],
  ['a body that is compressed', [...json, '--header', 'Content-Encoding: gzip', '--data', '{}'], 501, /compressed/],
  ['GET', [], 405, /POST/],
]) {
  test(`curl: ${what} is refused`, async () => {
    const answer = await curl(...options, method('ContactService/GetContact'));
    assert.equal(answer.status, status);
    assert.match(answer.body + answer.head, said);
  });
}

test('curl: a deadline that has passed ends the call', async () => {
  const answer = await curl(...json, '--header', 'Connect-Timeout-Ms: 0', '--data', '{}', method('ContactService/ListContacts'));
  assert.equal(answer.status, 504);
  assert.equal(JSON.parse(answer.body).code, 'deadline_exceeded');
});

test('curl: what there is not is not found', async () => {
  assert.equal((await curl(...json, '--data', '{}', method('ContactService/Nothing'))).status, 404);
  assert.equal((await curl(`${server.url}/nothing`)).status, 404);
});

test('curl: a stream both ways is for gRPC', async () => {
  const answer = await curl('--header', 'Content-Type: application/connect+json', '--data', '', method('EventService/StreamEvents'));
  assert.equal(answer.status, 505);
  assert.match(answer.body, /gRPC/);
});

test('curl: a body beyond the bound is refused, with and without its length said', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'stagecraft-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'big.json');
  await writeFile(file, ' '.repeat(17 * 1024 * 1024));
  const big = ['--data-binary', `@${file}`];
  assert.equal((await curl(...json, ...big, '--header', 'Expect:', method('ContactService/GetContact'))).status, 413);
  const chunked = await curl(...json, ...big, '--header', 'Expect:', '--header', 'Transfer-Encoding: chunked', method('ContactService/GetContact'));
  assert.equal(chunked.status, 413);
});

test('curl: health', async () => {
  const answer = await curl(`${server.url}/healthz`);
  assert.equal(answer.status, 200);
  assert.equal(answer.body, 'SERVING\n');
});

test('curl: figures, as Prometheus reads them', async () => {
  const figure = async (name) => {
    const { head, body } = await curl(`${server.url}/metrics`);
    assert.match(head, /content-type: text\/plain; version=0.0.4/);
    for (const line of body.trimEnd().split('\n')) assert.match(line, /^(# (HELP|TYPE) |[a-z_]+({.*})? [-+.e0-9]+$|[a-z_]+({.*})? \+?Inf$)/i);
    const line = body.split('\n').find((each) => each.startsWith(`${name} `));
    return line === undefined ? 0 : Number(line.slice(name.length));
  };
  const published = 'grpc_server_handled_total{grpc_code="OK",grpc_method="PublishEvent",grpc_service="stagecraft.v1.EventService",grpc_type="unary"}';
  const fired = 'stagecraft_rule_fired_total{rule="Counted",file="metrics.stage"}';
  const applied = 'stagecraft_events_total{state="applied"}';
  const before = [await figure(published), await figure(applied), await figure('stagecraft_commit_seconds_count')];
  const client = (name) => createClient(service(name), transports['connect-web, JSON']);
  await client('ScriptService').deployScripts({ files: [{ name: 'metrics.stage', text: 'rule "Counted"\n  on SQL\n  set status New\n' }] });
  const properties = [{ name: 'lifecycle', value: { case: 'text', value: 'SQL' } }];
  await client('EventService').publishEvent({ event: { contact: 'counted', type: 'contact updated', createIfMissing: true, properties } });
  assert.equal(await figure(published), before[0] + 1);
  assert.equal(await figure(applied), before[1] + 1);
  assert.ok((await figure('stagecraft_commit_seconds_count')) > before[2]);
  assert.equal(await figure(fired), 1);
  assert.equal(await figure('stagecraft_rounds_total'), 1);
  assert.equal(await figure('stagecraft_up'), 1);
  assert.ok((await figure('process_resident_memory_bytes')) > 1e6);
});

test('pages of an origin that was named may call, others may not', async () => {
  const preflight = (origin) =>
    curl('--request', 'OPTIONS', '--header', `Origin: ${origin}`, '--header', 'Access-Control-Request-Method: POST', method('EventService/PublishEvent'));
  const named = await preflight('https://crm.acme.example');
  assert.equal(named.status, 204);
  assert.match(named.head, /access-control-allow-origin: https:\/\/crm.acme.example/);
  assert.match(named.head, /access-control-allow-headers: .*connect-protocol-version/);
  const other = await preflight('https://evil.example');
  assert.equal(other.status, 403);
  assert.doesNotMatch(other.head, /access-control/);

  const call = (origin) => curl(...json, '--header', `Origin: ${origin}`, '--data', '{}', method('AdminService/GetServerInfo'));
  assert.match((await call('https://crm.acme.example')).head, /access-control-allow-origin: https:\/\/crm.acme.example/);
  assert.equal((await call('https://evil.example')).status, 403);
  assert.equal((await call(server.url)).status, 200);
});

test('a name that leads to this machine does not make a page ours', async () => {
  assert.equal((await curl('--header', 'Host: evil.example', `${server.url}/healthz`)).status, 421);
  assert.equal((await curl('--header', 'Host: localhost:80', `${server.url}/healthz`)).status, 200);
});

test('what may come again says in the head when: Retry-After, in whole seconds', async () => {
  const publish = () => curl(...json, method('EventService/PublishEvent'), '--data', '{"event": {"contact": "later", "type": "contact updated", "createIfMissing": true}}');
  const maintain = (enabled) => curl(...json, method('AdminService/SetMaintenance'), '--data', JSON.stringify({ enabled }));
  assert.equal((await maintain(true)).status, 200);
  const refused = await publish();
  assert.equal((await maintain(false)).status, 200);
  assert.equal(refused.status, 503);
  assert.match(refused.body, /google\.rpc\.RetryInfo/);
  assert.match(refused.head, /^retry-after: 1$/m);
  const taken = await publish();
  assert.equal(taken.status, 200);
  assert.doesNotMatch(taken.head, /retry-after/);
});
