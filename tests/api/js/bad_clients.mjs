// For the tests of clients that do what they must not: a server that has to bear them, and bytes that no proper client sends.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import { startServer } from './serve.mjs';

// What a server may take beside what it had at rest, at any moment: bodies that are being read (http/limits.h has 256 MiB), and room for the
// allocator. A gigabyte that is kept for one bad client is more.
const kMegabytesMax = 400;
// Sockets that are being closed, and files that come and go.
const kFilesMax = 8;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Whether it came within this time.
export async function within(promise, ms) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const came = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return came;
}

// Asks until it is so, at most for `ms`; whether it became so.
export async function until(isSo, ms = 10_000) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) if (await isSo()) return true;
  return isSo();
}

// The same bytes in each run.
export function* randomBytes(seed, size) {
  for (let state = seed; ; ) {
    const bytes = Buffer.alloc(size);
    for (let i = 0; i < size; ++i) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      bytes[i] = state >>> 16;
    }
    yield bytes;
  }
}

// A connection that says what it is told to, and keeps what it hears.
export class Peer {
  constructor(port) {
    this.heard = '';
    this.isClosed = false;
    this.socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket.on('data', (bytes) => (this.heard += bytes.toString('latin1')));
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.on('close', resolve).on('end', resolve)).then(() => (this.isClosed = true));
    this.connected = new Promise((resolve) => this.socket.on('connect', resolve).on('close', resolve));
  }
  say(bytes) {
    this.socket.write(bytes);
    return this;
  }
  // Says it again and again until so many bytes are sent, or the other side has had enough; how many were taken.
  async pour(bytes, total) {
    let sent = 0;
    while (sent < total && !this.isClosed && !this.socket.destroyed) {
      sent += bytes.length;
      if (this.socket.write(bytes)) continue;
      const drained = new Promise((resolve) => this.socket.once('drain', resolve));
      await within(Promise.race([drained, this.closed]), 3_000);
    }
    return sent;
  }
  // Until it hears that, or nothing more; what it has heard.
  async hear(wanted, ms = 10_000) {
    await until(() => this.isClosed || wanted.test(this.heard), ms);
    return this.heard;
  }
  hangUp() {
    this.socket.destroy();
  }
  reset() {
    this.socket.resetAndDestroy();
  }
}

export const kPreface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
// A frame of HTTP/2; `said`: the length that it claims.
export function frame(type, flags, stream, payload = Buffer.alloc(0), said = payload.length) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(said, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
export const kSettings = frame(4, 0, 0);
// The head of a call, coded without any table (RFC 7541, 6.2.2); names and values below 127 bytes.
export function headers(path, others = {}) {
  const all = { ':method': 'POST', ':scheme': 'http', ':path': path, ':authority': 'x', te: 'trailers', 'content-type': 'application/grpc', ...others };
  const text = (value) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value, 'latin1')]);
  return Buffer.concat(Object.entries(all).flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}
// A message as gRPC carries it.
export function message(bytes = Buffer.alloc(0), said = bytes.length, flags = 0) {
  const head = Buffer.alloc(5);
  head[0] = flags;
  head.writeUInt32BE(said, 1);
  return Buffer.concat([head, bytes]);
}
// A field with a length, as Protocol Buffers have it.
export function field(number, bytes) {
  const varint = (value) => (value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))]);
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), Buffer.from(bytes)]);
}

export const kInfo = '/stagecraft.v1.AdminService/GetServerInfo';

export class Victim {
  static async start(options = [], environment = {}) {
    const victim = new Victim();
    victim.server = await startServer(options, environment);
    victim.pid = victim.server.pid;
    victim.ports = { http: Number(new URL(victim.server.url).port), grpc: Number(victim.server.address.split(':')[1]) };
    for (let i = 0; i < 3; ++i) await victim.serves();
    await sleep(200);
    victim.atRest = { megabytes: victim.megabytes(), files: victim.files() };
    return victim;
  }
  // The most that it took since the last bad client.
  megabytes() {
    return Number(readFileSync(`/proc/${this.pid}/status`, 'utf8').match(/VmHWM:\s+(\d+)/)[1]) / 1024;
  }
  files() {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }
  peer(port) {
    return new Peer(this.ports[port]);
  }

  // A call by the Connect protocol.
  async post(method, body, head = {}) {
    const answer = await fetch(`${this.server.url}/stagecraft.v1.${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...head },
      body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type') === 'application/json';
    return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined };
  }

  // A call by gRPC on a connection of its own, all of whose bytes are `body`: how it ended. `status` is -1 where the server gave it up
  // without one.
  async call(path, body, { head = {}, ms = 20_000 } = {}) {
    const connection = http2.connect(`http://${this.server.address}`);
    connection.on('error', () => {});
    try {
      const stream = connection.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...head });
      let end = {};
      stream.on('response', (heard) => (end = { ...end, ...heard }));
      stream.on('trailers', (heard) => (end = { ...end, ...heard }));
      stream.on('data', () => {});
      stream.on('error', () => {});
      const closed = new Promise((resolve) => stream.on('close', resolve));
      stream.end(body);
      await within(closed, ms);
      return { status: Number(end['grpc-status'] ?? -1), message: decodeURIComponent(end['grpc-message'] ?? '') };
    } finally {
      connection.destroy();
    }
  }

  // A good client is answered on both ports.
  async serves() {
    const [http, grpc] = await Promise.all([this.post('AdminService/GetServerInfo', {}, { Connection: 'close' }), this.call(kInfo, message())]);
    assert.equal(http.status, 200, http.text);
    assert.deepEqual(grpc, { status: 0, message: '' });
  }

  // What holds after each bad client.
  async isUnharmed() {
    process.kill(this.pid, 0);
    await this.serves();
    const taken = this.megabytes() - this.atRest.megabytes;
    writeFileSync(`/proc/${this.pid}/clear_refs`, '5');
    assert.ok(taken < kMegabytesMax, `it took ${Math.round(taken)} MB more than at rest`);
    assert.ok(await until(() => this.files() <= this.atRest.files + kFilesMax), `${this.files()} files are open; at rest ${this.atRest.files}`);
  }

  async stop() {
    assert.equal(await this.server.stop(), 0, this.server.log());
  }
}
