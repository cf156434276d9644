// A `stagecraft serve` of its own for a test, on a free port and a folder that goes with it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

export async function startServer() {
  const binary = process.env.STAGECRAFT_BINARY;
  if (!binary) throw new Error('STAGECRAFT_BINARY must name the stagecraft binary');
  const folder = await mkdtemp(join(tmpdir(), 'stagecraft-'));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(binary, ['serve', '--data', join(folder, 'data'), '--listen', address], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let output = '';
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (bytes) => {
      output += bytes;
      if (output.includes('listening')) resolve();
    });
    ended.then(([code]) => reject(new Error(`the server ended with ${code}: ${output}`)));
  });
  return {
    address,
    // Asks it to stop; its exit code.
    async stop() {
      child.kill('SIGTERM');
      const [code] = await ended;
      await rm(folder, { recursive: true });
      return code;
    },
  };
}
