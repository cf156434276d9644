// The calls that the pages show, made: docs/api.md says what comes of them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer } from './serve.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

let server;
before(async () => (server = await startServer()));
after(async () => assert.equal(await server.stop(), 0));

// Its calls, in their order, each with the answer that stands below it, if one does.
async function callsOf(page) {
  const text = await readFile(path(`../../../${page}`), 'utf8');
  const calls = [];
  for (const [, language, block] of text.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
    if (language === 'sh' && block.includes('curl ')) calls.push({ command: block });
    if (language === 'json') calls.at(-1).answer = block;
  }
  return calls;
}

async function answerOf({ command }) {
  const here = command.replaceAll('http://127.0.0.1:7401', server.url).replaceAll('127.0.0.1:7400', server.address);
  assert.notEqual(here, command, 'a call is to one of the ports that the server has by default');
  const env = { ...process.env, PATH: `${path('..')}:${process.env.PATH}` }; // has buf
  const { stdout } = await promisify(execFile)('bash', ['-euc', here.replaceAll(/(?<!buf )\bcurl /g, 'curl --silent --show-error --fail-with-body ')], { env });
  return JSON.parse(stdout);
}

for (const [page, count] of [
  ['README.md', 1],
  ['docs/api.md', 2],
]) {
  test(`the calls of ${page} are answered`, async () => {
    const calls = await callsOf(page);
    assert.equal(calls.length, count);
    for (const call of calls) {
      const answer = await answerOf(call);
      if (call.answer) assert.deepEqual(answer, JSON.parse(call.answer));
    }
  });
}
