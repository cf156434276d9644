// Clients that were made from the protos alone: gRPC for JavaScript with the protos read at run time, and `buf curl`, which
// asks the server for them by reflection.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { startServer } from './serve.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const protos = ['contact', 'event', 'script', 'task', 'notification'].map((name) => `stagecraft/v1/${name}_service.proto`);
const definition = protoLoader.loadSync(protos, {
  includeDirs: [path('../../../proto'), path('../node_modules/google-proto-files')],
  keepCase: true,
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
});
const { v1 } = grpc.loadPackageDefinition(definition).stagecraft;

let server;
let client;
before(async () => {
  server = await startServer();
  const connect = (Service) => {
    const stub = new Service(server.address, grpc.credentials.createInsecure());
    const call = (method) => (request) =>
      new Promise((resolve, reject) => stub[method](request, (error, response) => (error ? reject(error) : resolve(response))));
    return { stub, call };
  };
  client = { events: connect(v1.EventService), contacts: connect(v1.ContactService), scripts: connect(v1.ScriptService) };
});
after(async () => {
  for (const { stub } of Object.values(client)) stub.close();
  assert.equal(await server.stop(), 0);
});

async function bufCurl(method, request) {
  const { stdout } = await promisify(execFile)(path('../buf'), [
    'curl', '--protocol', 'grpc', '--http2-prior-knowledge', '--data', JSON.stringify(request),
    `http://${server.address}/stagecraft.v1.${method}`,
  ]);
  return JSON.parse(stdout);
}

const property = (contact, name) => contact.properties.find((candidate) => candidate.name === name);

test('a script is deployed', async () => {
  const files = [{ name: 'test.stage', text: 'on SQL set status New\n' }];
  const { deployment, diagnostics } = await client.scripts.call('DeployScripts')({ files });
  assert.deepEqual(diagnostics, []);
  assert.equal(deployment.name, 'deployments/1');
});

test('an event is published and the contact is read back', async () => {
  const event = {
    event_id: 'js-1',
    contact: 'contacts/ana',
    type: 'contact updated',
    create_if_missing: true,
    properties: [{ name: 'lifecycle', text: 'SQL' }, { name: 'first name', text: 'Ana' }],
  };
  const { result } = await client.events.call('PublishEvent')({ event });
  assert.equal(result.state, 'EVENT_STATE_APPLIED');
  assert.equal(result.rules_fired, 1);
  const { contact } = await client.contacts.call('GetContact')({ name: 'contacts/ana' });
  assert.equal(property(contact, 'status').text, 'New');
  assert.equal(property(contact, 'first name').string_value, 'Ana');
});

test('a stream acknowledges its batches in their order', async () => {
  const stream = client.events.stub.StreamEvents();
  const answers = [];
  const ended = new Promise((resolve, reject) => {
    stream.on('data', (answer) => answers.push(answer));
    stream.on('end', resolve);
    stream.on('error', reject);
  });
  for (let batch = 1; batch <= 20; ++batch) {
    const events = Array.from({ length: 50 }, (_, i) => ({ event_id: `js-${batch}-${i}`, contact: 'ana', type: 'page viewed' }));
    stream.write({ batch, events });
  }
  stream.end();
  await ended;
  assert.deepEqual(answers.map(({ batch, applied }) => [batch, applied]), Array.from({ length: 20 }, (_, i) => [i + 1, 50]));
});

test('an error carries google.rpc details', async () => {
  const event = { event_id: 'js-bad', contact: 'ana', type: 'page veiwed' };
  await assert.rejects(client.events.call('PublishEvent')({ event }), (error) => {
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    const [bytes] = error.metadata.get('grpc-status-details-bin');
    return bytes.includes('google.rpc.ErrorInfo') && bytes.includes('UNKNOWN_EVENT_TYPE');
  });
});

test('buf curl finds the services by reflection, publishes an event and reads the contact back', async () => {
  const event = {
    eventId: 'curl-1', contact: 'ben', type: 'contact updated', createIfMissing: true, properties: [{ name: 'lifecycle', text: 'SQL' }],
  };
  const { result } = await bufCurl('EventService/PublishEvent', { event });
  assert.equal(result.state, 'EVENT_STATE_APPLIED');
  const { contact } = await bufCurl('ContactService/GetContact', { name: 'contacts/ben' });
  assert.equal(property(contact, 'status').option, 'NEW');
});
