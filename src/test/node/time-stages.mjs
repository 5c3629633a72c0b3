// Times one event in ONNX Runtime for Node.js: the stages of a bundle one after another, up to each exit. What `qexit bench infer` is held to.
//
//   node time-stages.mjs BUNDLE_DIRECTORY [EVENTS]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

process.env.ORT_DISABLE_TELEMETRY = '1';
const ort = await import('onnxruntime-node');

const [folder, count] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json')));
const { channels, height, width } = manifest.input;
const size = channels * height * width;
const golden = JSON.parse(readFileSync(join(folder, 'golden/golden.json')));
const bytes = readFileSync(join(folder, golden.inputs));
const inputs = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const options = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' };
const stages = [];
for (const name of manifest.stages) stages.push(await ort.InferenceSession.create(join(folder, name), options));

async function run(event, exit) {
  let given = { input: new ort.Tensor('float32', event, [1, channels, height, width]) };
  let confidence;
  for (let q = 0; q < exit; q++) {
    const result = await stages[q].run(given);
    confidence = result.confidence.data[0];
    given = Object.fromEntries(
      Object.entries(result).filter(([name]) => name !== 'confidence').map(([name, value]) => [name.replace('next_features', 'features'), value]),
    );
  }
  return confidence;
}

const events = Number(count ?? 5000);
const p50 = [];
for (let exit = 1; exit <= stages.length; exit++) {
  const micros = [];
  for (let k = 0; k < events + 500; k++) {
    const at = (k % golden.events) * size;
    const event = inputs.subarray(at, at + size);
    const start = process.hrtime.bigint();
    await run(event, exit);
    const end = process.hrtime.bigint();
    if (k >= 500) micros.push(Number(end - start) / 1000);
  }
  micros.sort((a, b) => a - b);
  p50.push(micros[micros.length >> 1]);
}
console.log(JSON.stringify({ bundle: folder, events, p50Micros: p50 }));
