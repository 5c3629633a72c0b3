// The study on fleets that the search has not seen: node experiments/allocation/fresh/study.mjs --help
// Rows are appended to rows.csv one by one; what is there is skipped, so that a study that was stopped goes on.
import fs from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const QEXIT = path.resolve(HERE, '../../../qexit');
const GROUPS = {
  'scarce_100x8': { family: 'scarce', size: '100x8', seconds: 60, ablation: true },
  'scarce_50x5': { family: 'scarce', size: '50x5', seconds: 60 },
  'scarce_200x10': { family: 'scarce', size: '200x10', seconds: 120 },
  'mid_100x8': { family: 'mid', size: '100x8', seconds: 30 },
};
const PARTS = ['smoothing', 'columns', 'labels', 'early-branching', 'repair', 'dives', 'exchanges'];
const COLUMNS = ['group', 'seed', 'solver', 'limit', 'status', 'objective', 'bound', 'gap_percent', 'seconds', 'cpu_seconds'];
const HELP = `Usage: node study.mjs [--out DIR] [--seed N] [--fleets N] [--groups A,B] [--seconds N]
                       [--before QEXIT] [--highs FOLDER] [--ablation]
Solves fresh fleets, every solver in turn on each, one row at a time; rows that are there are skipped.
  --out DIR       Where rows.csv and summary.md are (default: this folder). Fleets are made anew in DIR/fleets.
  --seed N        First seed (default 20001): choose one that nobody has looked at.
  --fleets N      Fleets per group (default 20).
  --groups A,B    Some of ${Object.keys(GROUPS).join(', ')} (default: all).
  --seconds N     A limit for all instead of each group's (60, 60, 120 and 30 s; HiGHS 60 s): to try it out.
  --before QEXIT  The program qexit of another build, to compare with (solver "before").
  --highs FOLDER  A folder in which "npm install highs" was run: HiGHS on the exported models (solver "highs").
  --ablation      On ${Object.keys(GROUPS).filter(g => GROUPS[g].ablation).join(', ')} also without ${PARTS.join(', ')}.
All of it takes five to seven hours on two free cores; nothing else should run meanwhile.`;

function fail(message) {
  process.stderr.write(`study: ${message}\n`);
  process.exit(2);
}

function options(words) {
  const given = { out: HERE, seed: '20001', fleets: '20', groups: Object.keys(GROUPS).join(',') };
  for (let i = 0; i < words.length; i++) {
    const name = words[i].replace(/^--/, '');
    if (words[i] === '--help') {
      console.log(HELP);
      process.exit(0);
    } else if (words[i] === '--ablation') {
      given.ablation = true;
    } else if (/^--(out|seed|fleets|groups|seconds|before|highs)$/.test(words[i]) && i + 1 < words.length) {
      given[name] = words[++i];
    } else {
      fail(`'${words[i]}' is no option, or lacks its value; see --help`);
    }
  }
  for (const name of ['seed', 'fleets', 'seconds']) {
    if (given[name] !== undefined && !/^[1-9][0-9]{0,8}$/.test(given[name])) {
      fail(`--${name} is ${given[name]}; expected a whole number > 0`);
    }
  }
  for (const group of given.groups.split(',')) {
    if (!GROUPS[group]) {
      fail(`--groups has '${group}'; expected ${Object.keys(GROUPS).join(', ')}`);
    }
  }
  if (given.before && !fs.existsSync(given.before)) {
    fail(`${given.before} does not exist`);
  }
  if (given.highs && !fs.existsSync(path.join(given.highs, 'node_modules', 'highs'))) {
    fail(`${given.highs} has no node_modules/highs: run "npm install highs" there`);
  }
  return given;
}

/** Runs a command to its end or a generous limit; its output, time and processor time. */
function run(command, words, limit) {
  return new Promise(resolve => {
    const timed = ['-c', 'TIMEFORMAT="%R %U %S"; time "$@"', 'timed', command, ...words];
    const child = spawn('bash', timed, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let out = '';
    let err = '';
    child.stdout.on('data', text => { out += text; });
    child.stderr.on('data', text => { err += text; });
    const late = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), (limit + 300) * 1000);
    child.on('close', code => {
      clearTimeout(late);
      const time = err.trimEnd().split('\n').pop().split(' ').map(Number);
      resolve({ code, out, err, seconds: time[0], cpu: time[1] + time[2] });
    });
  });
}

async function solve(solver, fleet, seconds, given) {
  if (solver === 'highs') {
    const model = fleet.replace(/json$/, 'mps');
    if (!fs.existsSync(model)) {
      const made = await run(QEXIT, ['optimize', fleet, '--export-mps', model], 60);
      if (made.code !== 0) {
        fail(`no model of ${fleet}: ${made.err}`);
      }
    }
    const done = await run('node', [path.join(HERE, 'highs.mjs'), model, String(seconds), given.highs], seconds);
    return done.code === 0 ? { ...JSON.parse(done.out), cpu: done.cpu } : { status: 'failed', seconds: done.seconds, cpu: done.cpu };
  }
  if (solver === 'before') {
    const plan = fleet.replace(/json$/, 'plan');
    const done = await run(given.before, ['optimize', fleet, '--seconds', String(seconds), '--out', plan], seconds);
    if (!fs.existsSync(plan)) {
      return { status: 'failed', seconds: done.seconds, cpu: done.cpu };
    }
    const { status, objective, bound } = JSON.parse(fs.readFileSync(plan));
    fs.rmSync(plan);
    return { status, objective, bound, seconds: done.seconds, cpu: done.cpu };
  }
  const without = solver.startsWith('without ') ? ['--without', solver.slice(8)] : [];
  const words = ['bench', 'allocation', fleet, '--json', '--seconds', String(seconds), ...without];
  const done = await run(QEXIT, words, seconds);
  if (done.code !== 0) {
    fail(`${QEXIT} ${words.join(' ')} ended with ${done.code}: ${done.err}`);
  }
  const row = JSON.parse(done.out)[0];
  if (row.violations.length > 0) {
    fail(`${fleet}: the check found ${row.violations}`);
  }
  return { status: row.status, objective: row.objective, bound: row.bound, seconds: row.seconds, cpu: row.cpuSeconds };
}

const gap = ({ objective, bound }) =>
  typeof objective === 'number' && typeof bound === 'number' ? 100 * Math.max(0, bound - objective) / Math.abs(objective) : null;

/** The rows so far; a last one that was not written whole is cut off. */
function known(file) {
  if (!fs.existsSync(file)) {
    fs.writeFileSync(file, COLUMNS.join(',') + '\n');
  }
  const text = fs.readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) {
    fs.truncateSync(file, Buffer.byteLength(whole));
  }
  const lines = whole.trimEnd().split('\n');
  if (lines[0] !== COLUMNS.join(',')) {
    fail(`${file} does not begin with ${COLUMNS.join(',')}`);
  }
  return lines.slice(1).map(line => Object.fromEntries(line.split(',').map((cell, i) => [COLUMNS[i], cell])));
}

const key = row => `${row.group} ${row.seed} ${row.solver} ${row.limit}`;

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A table: per group and solver how many were proved, and the gaps of those that have one. */
function summary(rows) {
  const lines = [
    '# Fresh fleets',
    '',
    'Written by `study.mjs` from rows.csv. Gaps in per cent of the objective; a solver without a plan or a bound has none.',
    '',
    '| fleets | solver | limit (s) | runs | proven | without a gap | median gap | mean | worst | median seconds | median CPU s |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
  ];
  const parts = new Map();
  for (const row of rows) {
    const name = `${row.group}|${row.solver}|${row.limit}`;
    parts.set(name, [...(parts.get(name) ?? []), row]);
  }
  for (const [name, some] of [...parts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [group, solver, limit] = name.split('|');
    const gaps = some.filter(row => row.gap_percent !== '').map(row => Number(row.gap_percent));
    const text = number => (gaps.length ? number.toFixed(4) : '');
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    lines.push(`| ${[
      group.replace('_', ' '), solver, limit, some.length, some.filter(row => row.status === 'optimal').length,
      some.length - gaps.length, text(median(gaps)), text(mean), text(Math.max(...gaps)),
      median(some.map(row => Number(row.seconds))).toFixed(1), median(some.map(row => Number(row.cpu_seconds))).toFixed(1),
    ].join(' | ')} |`);
  }
  return lines.join('\n') + '\n';
}

const given = options(process.argv.slice(2));
fs.mkdirSync(path.join(given.out, 'fleets'), { recursive: true });
const file = path.join(given.out, 'rows.csv');
const rows = known(file);
const there = new Set(rows.map(key));
const tasks = [];
for (const group of given.groups.split(',')) {
  for (let i = 0; i < Number(given.fleets); i++) {
    const solvers = ['exact'];
    if (given.before) {
      solvers.push('before');
    }
    if (given.highs) {
      solvers.push('highs');
    }
    if (given.ablation && GROUPS[group].ablation) {
      solvers.push(...PARTS.map(part => `without ${part}`));
    }
    // The fleets' first solver changes, so that none is always first on a warm or a cold machine.
    const turned = solvers.map((_, k) => solvers[(k + i) % solvers.length]);
    for (const solver of turned) {
      const limit = given.seconds ?? (solver === 'highs' ? 60 : GROUPS[group].seconds);
      tasks.push({ group, seed: String(Number(given.seed) + i), solver, limit: String(limit) });
    }
  }
}
const open = tasks.filter(task => !there.has(key(task)));
const ahead = open.reduce((sum, task) => sum + Number(task.limit), 0);
console.error(`${tasks.length - open.length} of ${tasks.length} rows are there; the rest takes at most ${Math.ceil(ahead / 60)} minutes`);
for (const [i, task] of open.entries()) {
  const { family, size } = GROUPS[task.group];
  const fleet = path.join(given.out, 'fleets', `${family}_${size}_s${task.seed}.json`);
  if (!fs.existsSync(fleet)) {
    const words = ['bench', 'allocation', '--family', family, '--size', size, '--seed', task.seed, '--write', path.dirname(fleet)];
    const made = await run(QEXIT, words, 60);
    if (made.code !== 0) {
      fail(`no fleet: ${made.err}`);
    }
  }
  const found = await solve(task.solver, fleet, Number(task.limit), given);
  const row = { ...task, ...found, gap_percent: gap(found), cpu_seconds: found.cpu };
  const digits = { gap_percent: 6, seconds: 2, cpu_seconds: 2, objective: 9, bound: 9 };
  const cells = COLUMNS.map(name => (row[name] == null ? '' : digits[name] ? Number(row[name]).toFixed(digits[name]) : String(row[name])));
  fs.appendFileSync(file, cells.join(',') + '\n');
  rows.push(Object.fromEntries(COLUMNS.map((name, c) => [name, cells[c]])));
  fs.writeFileSync(path.join(given.out, 'summary.md'), summary(rows));
  console.error(`${i + 1}/${open.length} ${fleet.split('/').pop()} ${task.solver}: ${row.status}, gap ${row.gap_percent == null ? 'none' : row.gap_percent.toFixed(4) + ' %'}, ${Number(row.seconds).toFixed(1)} s`);
}
