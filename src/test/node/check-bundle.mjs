// Runs the graphs of bundles in ONNX Runtime for Node.js and compares with their golden files: confidences, decisions, exits.
// Shares no code with qexit: reads docs/bundle-format.md's format by itself.
//
//   node check-bundle.mjs BUNDLE_DIRECTORY...
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// ONNX Runtime 1.29 and later look this variable up when they are loaded; without it they write an identifier under the home folder and call out.
process.env.ORT_DISABLE_TELEMETRY = '1';
const ort = await import('onnxruntime-node');

const TOLERANCE = 1e-5;
const NOT_REACHED = -1;
let problems = 0;

function expect(condition, message) {
  if (!condition) {
    problems++;
    console.error(`  WRONG: ${message}`);
  }
}

/** Fields of a protobuf message: [number, varint as BigInt or bytes]. */
function* fields(bytes) {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const type = Number(tag & 7n);
    const number = Number(tag >> 3n);
    if (type === 0) yield [number, varint()];
    else {
      const length = type === 1 ? 8 : type === 5 ? 4 : Number(varint());
      yield [number, bytes.subarray(at, at + length)];
      at += length;
    }
  }
}

/** Counts the operators of a GraphProto and of the graphs in its attributes; other domains are wrong. */
function count(graph, counts) {
  for (const [field, node] of fields(graph)) {
    if (field !== 1) continue;
    for (const [part, value] of fields(node)) {
      if (part === 4) {
        const name = Buffer.from(value).toString();
        counts.set(name, (counts.get(name) ?? 0) + 1);
      } else if (part === 7 && value.length > 0) {
        expect(Buffer.from(value).toString() === 'ai.onnx', `operator domain ${Buffer.from(value)}`);
      } else if (part === 5) {
        for (const [kind, inner] of fields(value)) {
          if (kind === 6 || kind === 11) count(inner, counts);
        }
      }
    }
  }
  return counts;
}

function operators(onnx) {
  const counts = new Map();
  for (const [field, value] of fields(onnx)) {
    if (field === 7) count(value, counts);
  }
  return counts;
}

/** Thresholds of every exit, in float32: one for all, or one each; a test may never fire, or always. */
function perExit(values, exits, never) {
  const threshold = (value) => (value === 'never' ? never : value === 'always' ? -never : Math.fround(value));
  return Array.from({ length: exits }, (_, q) => threshold(Array.isArray(values) ? values[q] : values));
}

/** The decision rule. */
function decide(confidences, lower, upper) {
  for (let q = 0; q < confidences.length; q++) {
    if (confidences[q] <= lower[q]) return { exit: q + 1, decision: 0 };
    if (confidences[q] >= upper[q]) return { exit: q + 1, decision: 1 };
  }
  return { exit: confidences.length, decision: 0 };
}

/** An edge node's rule, in float32: -1 is a false alarm. */
function decideClass(probabilities, critical, lower, upper) {
  for (let q = 0; q < probabilities.length; q++) {
    let sum = Math.fround(0);
    let best = critical[0];
    for (const id of critical) {
      sum = Math.fround(sum + probabilities[q][id]);
      if (probabilities[q][id] > probabilities[q][best]) best = id;
    }
    if (sum <= lower) return { exit: q + 1, decision: -1 };
    if (probabilities[q][best] >= upper) return { exit: q + 1, decision: best };
    if (q === probabilities.length - 1) return { exit: q + 1, decision: sum <= 0.5 ? -1 : best };
  }
}

async function check(folder) {
  const file = (path) => readFileSync(join(folder, path));
  const manifest = JSON.parse(file('manifest.json'));
  for (const { path, bytes, sha256 } of manifest.files) {
    const content = file(path);
    expect(content.length === bytes, `${path} has ${content.length} bytes, not ${bytes}`);
    expect(createHash('sha256').update(content).digest('hex') === sha256, `${path} has another SHA-256`);
  }

  const used = new Map();
  for (const name of [...manifest.stages, manifest.model]) {
    operators(file(name)).forEach((n, op) => used.set(op, (used.get(op) ?? 0) + n));
  }
  expect(
    JSON.stringify([...used.keys()].sort()) === JSON.stringify(manifest.operators),
    `the graphs use ${[...used.keys()].sort()}, the manifest says ${manifest.operators}`,
  );

  const golden = JSON.parse(file('golden/golden.json'));
  const raw = file(golden.inputs);
  const { channels, height, width } = manifest.input;
  const size = channels * height * width;
  const inputs = Float32Array.from({ length: golden.events * size }, (_, i) => raw.readFloatLE(4 * i));
  expect(raw.length === 4 * inputs.length, `${golden.inputs} has ${raw.length} bytes`);
  const node = manifest.kind === 'en' ? JSON.parse(file('node.json')) : null;
  const thresholds = node ?? golden;
  const exits = manifest.exits;
  const lower = perExit(thresholds.lower, exits, -Infinity);
  const upper = perExit(thresholds.upper, exits, Infinity);
  // A device's bundle gives one confidence per exit, an edge node's the probabilities of all classes.
  const each = node ? node.classes.length : 1;
  const score = node ? 'probabilities' : 'confidence';
  const goldenScore = (k, q, c) => Math.fround(node ? golden.probabilities[k][q][c] : golden.confidences[k][q]);
  const goldenDecision = (k) => (node ? golden.classes[k] : golden.decisions[k]);

  const whole = await ort.InferenceSession.create(join(folder, manifest.model));
  const stages = [];
  for (const name of manifest.stages) stages.push(await ort.InferenceSession.create(join(folder, name)));

  let worst = 0;
  let compared = 0;
  const close = (found, expected, where) => {
    const difference = Math.abs(found - expected);
    worst = Math.max(worst, difference);
    compared++;
    expect(difference <= TOLERANCE, `${where}: confidence ${found}, golden ${expected}`);
  };
  // One event at a time, in threes, and all at once.
  for (const batch of new Set(manifest.batch === 1 ? [1] : [1, 3, golden.events])) {
    for (let first = 0; first < golden.events; first += batch) {
      const n = Math.min(batch, golden.events - first);
      const slice = inputs.slice(first * size, (first + n) * size);
      const input = new ort.Tensor('float32', slice, [n, channels, height, width]);

      const outputs = await whole.run({ input });
      const decision = node ? outputs.class : outputs.decision;
      const { exit, confidences } = outputs;
      expect(confidences.dims.join() === [n, exits].concat(node ? [each] : []).join(), `confidences have the shape [${confidences.dims}]`);
      const staged = [];
      let given = { input };
      for (let q = 0; q < exits; q++) {
        const out = await stages[q].run(given);
        const dims = [n].concat(node ? [each] : []).join();
        expect(out[score].dims.join() === dims, `stage ${q + 1}: ${score} has the shape [${out[score].dims}]`);
        staged.push(out[score].data);
        const handedOn = Object.keys(out).filter((name) => name.startsWith('next_features'));
        const count = q === exits - 1 ? 0 : (manifest.carries?.[q] ?? 1);
        expect(handedOn.length === count, `stage ${q + 1} hands on ${handedOn}, not ${count} tensors`);
        given = Object.fromEntries(handedOn.map((name) => [name.replace('next_', ''), out[name]]));
      }

      for (let i = 0; i < n; i++) {
        const k = first + i;
        const where = `event ${k} in a batch of ${n}`;
        expect(Number(decision.data[i]) === goldenDecision(k), `${where}: decision ${decision.data[i]}`);
        expect(Number(exit.data[i]) === golden.exits[k], `${where}: exit ${exit.data[i]}`);
        for (let q = 0; q < exits; q++) {
          for (let c = 0; c < each; c++) {
            const expected = goldenScore(k, q, c);
            const found = confidences.data[(i * exits + q) * each + c];
            if (q < golden.exits[k]) close(found, expected, `${where}, exit ${q + 1} of ${manifest.model}`);
            else expect(found === NOT_REACHED, `${where}: exit ${q + 1}, which it does not reach, has ${found}`);
            close(staged[q][i * each + c], expected, `${where}, ${manifest.stages[q]}`);
          }
        }
        const own = node
          ? decideClass(staged.map((p) => p.slice(i * each, (i + 1) * each)), node.critical, lower[0], upper[0])
          : decide(staged.map((c) => c[i]), lower, upper);
        expect(own.decision === goldenDecision(k), `${where}: the stages decide ${own.decision}`);
        expect(own.exit === golden.exits[k], `${where}: the stages leave at exit ${own.exit}`);
      }
    }
  }
  const byExit = Array.from({ length: exits }, (_, q) => golden.exits.filter((e) => e === q + 1).length);
  console.log(
    `${manifest.name}: ${golden.events} golden events (exits ${byExit}), ${compared} confidences within ` +
      `${worst.toExponential(1)}, all decisions and exits compared; ` +
      `operators: ${[...used].sort().map(([op, n]) => `${op} ${n}`).join(', ')}`,
  );
}

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: node check-bundle.mjs BUNDLE_DIRECTORY...');
  process.exit(2);
}
for (const folder of folders) await check(folder);
if (problems > 0) {
  console.error(`${problems} problems`);
  process.exit(1);
}
