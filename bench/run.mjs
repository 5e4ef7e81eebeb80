// Times a cold build of the reference cluster beside starting Node alone and beside the Python script, in turn:
// A B C A B C ... so that a machine that slows down slows them all. Wall time of whole processes, milliseconds.
// Needs Debian's python3-yaml, python3-jsonschema and python3-jinja2.   usage: node bench/run.mjs [runs]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const runs = Number(process.argv[2] ?? 15);
const scratch = mkdtempSync(join(tmpdir(), 'gen-infra-bench-'));
let count = 0;
const freshFolder = () => join(scratch, String(count++));

const commands = {
  'node -e 0': () => [process.execPath, '-e', '0'],
  'gen-infra build, reference': () => [process.execPath, 'dist/bin.js', 'build', '-q', '-o', freshFolder()],
  'gen-infra build, nothing to do': () => [process.execPath, 'dist/bin.js', 'build', '-q'],
  'Python script, 12 nodes': () => [
    '/usr/bin/python3',
    'bench/python/render.py',
    'bench/python/model-12.yaml',
    freshFolder(),
  ],
  'Python script, C loader': () => [
    '/usr/bin/python3',
    'bench/python/render.py',
    'bench/python/model-12.yaml',
    freshFolder(),
    '--fast',
  ],
};

function time([command, ...args]) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

const names = Object.keys(commands);
const times = Object.fromEntries(names.map((name) => [name, []]));
for (let run = -1; run < runs; run += 1) {
  for (const name of names) {
    const milliseconds = time(commands[name]());
    if (run >= 0) times[name].push(milliseconds);
  }
}
rmSync(scratch, { recursive: true, force: true });

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const ratio = (name, other) =>
  median(times[name].map((value, index) => value / times[other][index])).toFixed(2);
console.log(`Node ${process.version}, ${availableParallelism()} processors, ${runs} runs each\n`);
console.log('| Command | min | median | max | ratio to node -e 0 | ratio to Python, C loader |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const name of names) {
  const sorted = times[name].toSorted((a, b) => a - b).map((value) => value.toFixed(0));
  const figures = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  console.log(
    `| ${[name, ...figures, ratio(name, 'node -e 0'), ratio(name, 'Python script, C loader')].join(' | ')} |`,
  );
}
