// What `test` prints for programs is read by others' readers: JSON by the schema in docs/formats, SARIF by its own, JUnit by a parser.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import AjvDraft4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { parse as parseJunit } from 'junit2json';

const load = (relative) => JSON.parse(readFileSync(fileURLToPath(new URL(relative, import.meta.url)), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'stagecraft-test-formats-'));
after(() => rmSync(folder, { recursive: true }));

writeFileSync(join(folder, 'good.stage'), `score
  +5 when opted out
on SQL
  if company employees >= 100 then set status New else set status Open end
test "small"
  when lifecycle becomes SQL
  expect status Open
test "large"
  given a contact with company employees 100
  when lifecycle becomes SQL
  expect status New
`);
writeFileSync(join(folder, 'bad.stage'), `test "צפוי <&> \\"新規\\""
  expect phone "新規 & more"
test "a step"
  wait until 2020-01-01 09:00
  expect score 0
test "rows"
  for each row of points
    row 0
    row 1
  expect score {points}
`);

const run = (files, ...options) => {
  const result = spawnSync(process.env.STAGECRAFT_BINARY, ['test', ...files, ...options], { cwd: folder, encoding: 'utf8' });
  assert.equal(result.error, undefined);
  assert.ok(result.status === 0 || result.status === 1, result.stderr);
  return result.stdout;
};
const assertValid = (validate, value) => assert.ok(validate(value), JSON.stringify(validate.errors?.slice(0, 5), null, 2));

test('JSON is valid by the schema in docs/formats, with coverage and mutants too', () => {
  const validate = new Ajv2020({ allErrors: true }).compile(load('../../docs/formats/test.schema.json'));
  for (const files of [['good.stage'], ['bad.stage'], ['.']]) assertValid(validate, JSON.parse(run(files, '--format', 'json', '--coverage')));
  const whole = JSON.parse(run(['good.stage'], '--format', 'json', '--coverage', '--mutate', '--mutation-at-least', '0'));
  assertValid(validate, whole);
  assert.ok(whole.coverage.length === 1 && whole.mutation.mutants.length > 0);
  assert.ok(!validate({ ...whole, more: 1 }), 'the schema refuses what is not documented');
});

test('JUnit is read by a reader: a suite for each file, a case for each test', async () => {
  const { testsuite } = await parseJunit(run(['.'], '--format', 'junit'));
  assert.deepEqual(testsuite.map((suite) => [suite.name, suite.tests, suite.failures]), [['bad.stage', 4, 3], ['good.stage', 2, 0]]);
  assert.equal(testsuite[0].testcase[0].name, 'צפוי <&> "新規"');
  assert.deepEqual(testsuite[0].testcase.map((one) => one.failure?.[0].type), ['SC0790', 'SC0791', undefined, 'SC0790']);
});

test('SARIF is valid by the schema of OASIS', () => {
  const ajv = new AjvDraft4({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  const validate = ajv.compile(load('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
  assertValid(validate, JSON.parse(run(['.'], '--format', 'sarif')));
});

test('a tracefile has a record for each file', () => {
  const lines = run(['good.stage'], '--coverage=lcov').trimEnd().split('\n');
  assert.deepEqual(lines, ['TN:', 'SF:good.stage', 'BRDA:4,0,0,1', 'BRDA:4,0,1,1', 'BRF:2', 'BRH:2', 'DA:2,0', 'DA:3,2', 'LF:2', 'LH:1', 'end_of_record']);
});
