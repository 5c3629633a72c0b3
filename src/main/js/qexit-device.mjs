// Runs a device's bundle (docs/bundle-format.md) with real early exit: a stage that an event does not reach is not run. The runtime is the
// caller's, onnxruntime-node or onnxruntime-web; this file needs nothing else. Bundles are hostile input: only bytes that were hashed are used.
const MAX_JSON = 1 << 24;
const MAX_FILE = 1 << 28;
const MAX_EXITS = 64;

/** What is wrong with a bundle or an event, in one line. */
export class BundleError extends Error {}

function refuse(condition, message) {
  if (condition) throw new BundleError(message.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').slice(0, 400));
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;

function json(bytes, name) {
  refuse(bytes.length > MAX_JSON, `${name} has ${bytes.length} bytes; expected at most ${MAX_JSON}`);
  let value;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (e) {
    refuse(true, `${name} is no JSON: ${e.message}`);
  }
  refuse(!isObject(value), `${name} is no JSON object`);
  return value;
}

/** One threshold in float32: `never` and `always` are the infinities of a test that never or always fires. */
function threshold(entry, always, words, where) {
  if (words.includes(entry)) return entry === 'always' ? always : -always;
  refuse(!(typeof entry === 'number' && entry >= 0 && entry <= 1), `${where} is ${JSON.stringify(entry)}; expected 0 to 1 or ${words}`);
  return Math.fround(entry);
}

/** Thresholds of every exit, `{lower: Float32Array, upper: Float32Array}`, of what a file holds: a pair, or a list of each. */
export function readRule(lower, upper, exits) {
  refuse(Array.isArray(lower) !== Array.isArray(upper), 'one of lower and upper is a list; expected two numbers, or two lists');
  const perExit = Array.isArray(lower);
  refuse(perExit && (lower.length !== exits || upper.length !== exits), `lower and upper have other lengths than ${exits}, one per exit`);
  const words = perExit ? ['never', 'always'] : ['never'];
  const rule = { lower: new Float32Array(exits), upper: new Float32Array(exits) };
  for (let q = 0; q < exits; q++) {
    rule.lower[q] = threshold(perExit ? lower[q] : lower, Infinity, perExit ? words : [], `lower of exit ${q + 1}`);
    rule.upper[q] = threshold(perExit ? upper[q] : upper, -Infinity, words, `upper of exit ${q + 1}`);
    refuse(!(rule.lower[q] <= rule.upper[q]), `lower of exit ${q + 1} is above upper`);
  }
  return rule;
}

/** Whether an exit decides, in float32: 0 normal, 1 critical, -1 the next exit looks. */
export function decide(rule, exit, confidence) {
  const c = Math.fround(confidence);
  if (c <= rule.lower[exit]) return 0;
  if (c >= rule.upper[exit]) return 1;
  return exit === rule.lower.length - 1 ? 0 : -1;
}

function checkManifest(manifest) {
  const { format, kind, exits, stages, files, input, carries } = manifest;
  refuse(!/^qexit\.bundle\/[123]$/.test(format), `format is ${JSON.stringify(format)}; expected qexit.bundle/1 to qexit.bundle/3`);
  refuse(kind !== undefined && kind !== null, `is a bundle of kind ${JSON.stringify(kind)}; expected a device's`);
  refuse(!isCount(exits, 1, MAX_EXITS), `exits is ${JSON.stringify(exits)}; expected 1 to ${MAX_EXITS}`);
  refuse(!Array.isArray(stages) || stages.length !== exits || stages.some((s) => typeof s !== 'string'), `stages are no list of ${exits} names`);
  refuse(!Array.isArray(files) || files.length > 20000, 'files is no list of at most 20000 files');
  refuse(!isObject(input) || ![input.channels, input.height, input.width].every((n) => isCount(n, 1, 1 << 16)), 'input has no channels, height and width');
  refuse(input.channels * input.height * input.width > 1 << 26, 'input is too large');
  refuse(carries !== undefined && carries !== null && !(Array.isArray(carries) && carries.length === exits - 1 && carries.every((n) => isCount(n, 1, 256))), 'carries is no list of numbers between stages');
}

function hashes(files) {
  const all = new Map();
  for (const file of files) {
    refuse(!isObject(file) || typeof file.path !== 'string' || !isCount(file.bytes, 0, MAX_FILE) || !/^[0-9a-f]{64}$/.test(file.sha256), 'a file of the manifest has no path, bytes or sha256');
    refuse(!/^[\p{L}\p{N}_ .@+=,()-]+(\/[\p{L}\p{N}_ .@+=,()-]+)*$/u.test(file.path) || file.path.split('/').some((part) => /^\.+$/.test(part)), `file '${file.path}' leads elsewhere`);
    refuse(all.has(file.path), `file '${file.path}' is listed twice`);
    all.set(file.path, file);
  }
  return all;
}

const hex = async (bytes) => [...new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes))].map((b) => b.toString(16).padStart(2, '0')).join('');

/**
 * Opens a bundle for a device.
 *
 * @param ort the module onnxruntime-node or onnxruntime-web
 * @param read (path, most bytes) to a promise of the file's bytes, a Uint8Array; see fromDirectory and fromUrl
 * @param device its id: devices/<id>.json says its thresholds
 * @param options {rule, session, manifestSha256}: other thresholds as {lower, upper}; options of ONNX Runtime; the manifest that is expected
 */
export async function openBundle(ort, read, device, options = {}) {
  const head = await read('manifest.json', MAX_JSON);
  refuse(options.manifestSha256 && (await hex(head)) !== options.manifestSha256, 'manifest.json has another SHA-256 than expected');
  const manifest = json(head, 'manifest.json');
  checkManifest(manifest);
  const listed = hashes(manifest.files);
  const checked = async (path) => {
    const file = listed.get(path);
    refuse(!file, `there is no file '${path}'`);
    const bytes = await read(path, file.bytes);
    refuse(bytes.length !== file.bytes || (await hex(bytes)) !== file.sha256, `'${path}' is not the file that manifest.json lists`);
    return bytes;
  };
  const { exits } = manifest;
  let rule = options.rule;
  if (!rule) {
    const settings = json(await checked(`devices/${device}.json`), `devices/${device}.json`);
    refuse(!/^qexit\.device\/[12]$/.test(settings.format), `devices/${device}.json: format is ${JSON.stringify(settings.format)}; expected qexit.device/1 or /2`);
    refuse(settings.format.endsWith('1') && Array.isArray(settings.lower), `devices/${device}.json: thresholds per exit in qexit.device/1`);
    rule = settings;
  }
  const thresholds = readRule(rule.lower, rule.upper, exits);
  const sessions = [];
  for (const stage of manifest.stages) {
    try {
      sessions.push(await ort.InferenceSession.create(await checked(stage), options.session ?? {}));
    } catch (e) {
      refuse(!(e instanceof BundleError), `${stage}: ONNX Runtime says ${e.message}`);
      throw e;
    }
  }
  return new Device(ort, manifest, thresholds, sessions);
}

class Device {
  #ort;
  #sessions;
  #rule;

  constructor(ort, manifest, rule, sessions) {
    this.#ort = ort;
    this.#sessions = sessions;
    this.#rule = rule;
    this.manifest = manifest;
    /** How often each stage was run, [exit]. */
    this.runs = sessions.map(() => 0);
  }

  /** Decides one event, values in rows as the manifest's input says: {critical, exit from 1, confidences up to this exit}. */
  async decide(values) {
    const { channels, height, width } = this.manifest.input;
    refuse(values.length !== channels * height * width, `an event of ${values.length} values; expected ${channels} x ${height} x ${width}`);
    const data = Float32Array.from(values);
    refuse(!data.every(Number.isFinite), 'an event has values that are no numbers');
    let given = { input: new this.#ort.Tensor('float32', data, [1, channels, height, width]) };
    const confidences = [];
    for (let q = 0; ; q++) {
      let out;
      try {
        out = await this.#sessions[q].run(given);
      } catch (e) {
        refuse(true, `stage ${q + 1}: ONNX Runtime says ${e.message}`);
      }
      this.runs[q]++;
      const confidence = out.confidence?.data[0];
      refuse(!(confidence >= 0 && confidence <= 1), `stage ${q + 1} says ${confidence}; expected a confidence, 0 to 1`);
      confidences.push(confidence);
      const verdict = decide(this.#rule, q, confidence);
      if (verdict >= 0) return { critical: verdict === 1, exit: q + 1, confidences };
      given = Object.fromEntries(Object.entries(out).filter(([name]) => name.startsWith('next_')).map(([name, tensor]) => [name.slice(5), tensor]));
    }
  }
}

/** Files of a directory, for Node.js. */
export function fromDirectory(directory) {
  return async (path, most) => {
    const { open } = await import('node:fs/promises');
    const { join } = await import('node:path');
    const file = await open(join(directory, path)).catch((e) => refuse(true, `'${path}' cannot be read: ${e.code}`));
    try {
      const { size } = await file.stat();
      refuse(size > most, `'${path}' has ${size} bytes; expected at most ${most}`);
      return new Uint8Array(await file.readFile());
    } finally {
      await file.close();
    }
  };
}

/** Files below an address, for browsers. */
export function fromUrl(base) {
  return async (path, most) => {
    const answer = await fetch(new URL(path.split('/').map(encodeURIComponent).join('/'), base));
    refuse(!answer.ok, `'${path}' cannot be read: ${answer.status}`);
    const parts = [];
    let size = 0;
    for (const reader = answer.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > most) await reader.cancel();
      refuse(size > most, `'${path}' has more than ${most} bytes`);
      parts.push(value);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  };
}
