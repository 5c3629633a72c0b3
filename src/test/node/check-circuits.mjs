// Reads programs that qexit exported in two importers that share nothing with it, and compares the states with exact matrices of their own:
// gate by gate, up to one phase of the state.
//
//   node check-circuits.mjs CASES.json        prints {"DIALECT": {"IMPORTER": {"GATE": "right" | "wrong" | "refused"}}}
//
// CASES.json: [{dialect, gate, n, ops: [[name, [qubits], angle?]], program}].
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as qsharp from 'qsharp-lang';

process.removeAllListeners('warning');
const require = createRequire(import.meta.url);
const QuantumCircuit = require('quantum-circuit');
await qsharp.loadWasmModule(readFileSync(require.resolve('qsharp-lang').replace(/dist.*/, 'lib/web/qsc_wasm_bg.wasm')));

// Complex numbers are [re, im]; a matrix acts on the listed qubits, the first of them the lowest bit of its index.
const times = ([a, b], [c, d]) => [a * c - b * d, a * d + b * c];
const plus = ([a, b], [c, d]) => [a + c, b + d];
const turn = (t) => [Math.cos(t), Math.sin(t)];
const real = (rows) => rows.map((row) => row.map((x) => [x, 0]));
const diagonal = (...entries) => entries.map((e, i) => entries.map((_, j) => (i === j ? e : [0, 0])));
const h = Math.SQRT1_2;
const rx = (t) => [[[Math.cos(t / 2), 0], [0, -Math.sin(t / 2)]], [[0, -Math.sin(t / 2)], [Math.cos(t / 2), 0]]];
const ry = (t) => real([[Math.cos(t / 2), -Math.sin(t / 2)], [Math.sin(t / 2), Math.cos(t / 2)]]);
const rz = (t) => diagonal(turn(-t / 2), turn(t / 2));
const p = (t) => diagonal([1, 0], turn(t));
const x = real([[0, 1], [1, 0]]);
const y = [[[0, 0], [0, -1]], [[0, 1], [0, 0]]];
const z = real([[1, 0], [0, -1]]);
/** A control is the first qubit, so the lowest bit. */
const controlled = (m) => Array.from({ length: 2 * m.length }, (_, i) =>
  Array.from({ length: 2 * m.length }, (_, j) =>
    i % 2 !== j % 2 ? [0, 0] : i % 2 === 0 ? [i === j ? 1 : 0, 0] : m[i >> 1][j >> 1]));
const kron = (low, high) => Array.from({ length: 4 }, (_, i) =>
  Array.from({ length: 4 }, (_, j) => times(low[i % 2][j % 2], high[i >> 1][j >> 1])));
/** exp(-it/2 P) for P² = 1. */
const rotation = (pauli, t) => pauli.map((row, i) => row.map((e, j) =>
  plus([i === j ? Math.cos(t / 2) : 0, 0], times([0, -Math.sin(t / 2)], e))));
const swap = real([[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]]);
const multiply = (a, b) => a.map((row, i) => row.map((_, j) => a.reduce((sum, _, k) => plus(sum, times(a[i][k], b[k][j])), [0, 0])));
const MATRICES = {
  H: () => real([[h, h], [h, -h]]), X: () => x, Y: () => y, Z: () => z, S: () => p(Math.PI / 2), T: () => p(Math.PI / 4),
  RX: rx, RY: ry, RZ: rz, P: p,
  CNOT: () => controlled(x), CY: () => controlled(y), CZ: () => controlled(z), CCX: () => controlled(controlled(x)),
  CRX: (t) => controlled(rx(t)), CRY: (t) => controlled(ry(t)), CRZ: (t) => controlled(rz(t)), CP: (t) => controlled(p(t)),
  SWAP: () => swap, CSWAP: () => controlled(swap),
  ISWAP: () => multiply(swap, diagonal([1, 0], [0, 1], [0, 1], [1, 0])),
  RXX: (t) => rotation(kron(x, x), t), RYY: (t) => rotation(kron(y, y), t), RZZ: (t) => rotation(kron(z, z), t),
  XY: (t) => multiply(rotation(kron(x, x), -t / 2), rotation(kron(y, y), -t / 2)),
};

function exact({ n, ops }) {
  let state = Array.from({ length: 1 << n }, (_, i) => [i === 0 ? 1 : 0, 0]);
  for (const [name, qubits, angle] of ops) {
    const matrix = MATRICES[name](angle);
    const next = state.map(() => [0, 0]);
    const index = (k) => qubits.reduce((sum, q, i) => sum | (((k >> q) & 1) << i), 0);
    const mask = qubits.reduce((sum, q) => sum | (1 << q), 0);
    state.forEach((amplitude, k) => matrix.forEach((row, to) => {
      const at = (k & ~mask) | qubits.reduce((sum, q, i) => sum | (((to >> i) & 1) << q), 0);
      next[at] = plus(next[at], times(row[index(k)], amplitude));
    }));
    state = next;
  }
  return state;
}

/** 1 - |⟨a|b⟩|, both of length 1: 0 where they differ by a phase. */
function distance(a, b) {
  const product = a.reduce((sum, [re, im], k) => plus(sum, times([re, -im], b[k])), [0, 0]);
  const length = (v) => Math.sqrt(v.reduce((sum, [re, im]) => sum + re * re + im * im, 0));
  return 1 - Math.hypot(...product) / (length(a) * length(b));
}

/** The state before the measurements, by the debugger; four decimals. */
async function byQsharp({ n, program }) {
  const measured = program.split('\n').findIndex((line) => /measure|^c\[/.test(line));
  const source = program + (measured < 0 ? 'id q[0];\n' : '');
  const stop = measured < 0 ? source.trimEnd().split('\n').length - 1 : measured;
  const service = await qsharp.getDebugService();
  try {
    const config = { sources: [['a.qasm', source]], languageFeatures: [], profile: 'unrestricted', projectType: 'openqasm' };
    const refused = await service.loadProgram(config, undefined);
    if (refused) return null;
    const at = (await service.getBreakpoints('a.qasm')).filter((b) => b.range.start.line === stop).map((b) => b.id);
    await service.evalContinue(at, new qsharp.QscEventTarget(false));
    const state = Array.from({ length: 1 << n }, () => [0, 0]);
    const number = (text) => Number(text.replace('−', '-'));
    for (const { name, value } of await service.captureQuantumState()) {
      const k = [...name.slice(1, -1)].reduce((sum, bit, q) => sum | (Number(bit) << q), 0);
      const [, re, im] = value.match(/^(.*[0-9])([+−-][0-9.]+)𝑖$/u);
      state[k] = [number(re), number(im)];
    }
    return state;
  } catch (refusal) {
    return null;
  } finally {
    await service.dispose();
  }
}

function byQuantumCircuit({ n, program }) {
  const circuit = new QuantumCircuit();
  let refused = false;
  try {
    circuit.importQASM(program.replace(/\ncreg.*|\nmeasure.*|\nbit.*|\nc = .*/g, ''), (errors) => { refused = errors.length > 0; });
    if (refused) return null;
    circuit.run();
    // Qubits that no gate acts on are left out at the end.
    const state = Array.from({ length: 1 << n }, () => [0, 0]);
    circuit.stateAsArray(false).forEach(({ indexBinStr, amplitude }) => {
      state[[...indexBinStr].reduce((sum, bit) => 2 * sum + Number(bit), 0)] = [amplitude.re, amplitude.im];
    });
    return state;
  } catch (refusal) {
    return null;
  }
}

const IMPORTERS = { 'qsharp-lang': byQsharp, 'quantum-circuit': byQuantumCircuit };
const seen = new Map();
const result = {};
const worse = ['right', 'refused', 'wrong'];
for (const one of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const expected = exact(one);
  for (const [importer, read] of Object.entries(IMPORTERS)) {
    const key = importer + one.program;
    if (!seen.has(key)) seen.set(key, await read(one));
    const state = seen.get(key);
    const verdict = state === null ? 'refused' : distance(expected, state) < 1e-6 ? 'right' : 'wrong';
    const gates = ((result[one.dialect] ??= {})[importer] ??= {});
    if (worse.indexOf(verdict) > worse.indexOf(gates[one.gate] ?? 'right') || !gates[one.gate]) gates[one.gate] = verdict;
  }
}
console.log(JSON.stringify(result));
