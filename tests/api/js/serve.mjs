// A `stagecraft serve` of its own for a test, on free ports and a folder that goes with it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

// `options`: what else `serve` is given; `environment`: variables beside those of this process.
export async function startServer(options = [], environment = {}) {
  const binary = process.env.STAGECRAFT_BINARY;
  if (!binary) throw new Error('STAGECRAFT_BINARY must name the stagecraft binary');
  const folder = await mkdtemp(join(tmpdir(), 'stagecraft-'));
  const data = join(folder, 'data');
  const child = spawn(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const ended = once(child, 'exit');
  let output = '';
  let log = '';
  child.stderr.on('data', (bytes) => (log += bytes));
  const [, address, url] = await new Promise((resolve, reject) => {
    child.stdout.on('data', (bytes) => {
      output += bytes;
      const said = output.match(/^listening on (\S+), (https?:\S+), data in/m);
      if (said) resolve(said);
    });
    ended.then(([code]) => reject(new Error(`the server ended with ${code}: ${output}${log}`)));
  });
  return {
    address, // of gRPC
    url, // of HTTP
    data,
    pid: child.pid,
    log: () => output + log, // all that it has said so far
    // Asks it to stop; its exit code.
    async stop() {
      child.kill('SIGTERM');
      const [code] = await ended;
      await rm(folder, { recursive: true });
      return code;
    },
  };
}
