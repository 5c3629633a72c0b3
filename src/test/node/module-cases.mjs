// What is held true of src/main/js in Node.js and in browsers: golden answers of a bundle, later stages that are not run, hostile bundles.
import { BundleError, decide, openBundle, readRule } from '/qexit-device.mjs';

const TOLERANCE = 1e-5;

function expect(condition, message) {
  if (!condition) throw new Error(`WRONG: ${message}`);
}

/** All golden events of a bundle, one at a time. */
export async function checkGolden(ort, read, session) {
  const text = async (path) => JSON.parse(new TextDecoder().decode(await read(path, 1 << 28)));
  const manifest = await text('manifest.json');
  const golden = await text('golden/golden.json');
  const raw = await read(golden.inputs, 1 << 28);
  const size = manifest.input.channels * manifest.input.height * manifest.input.width;
  const values = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const device = await openBundle(ort, read, null, { rule: golden, session });
  const expected = manifest.stages.map(() => 0);
  let worst = 0;
  for (let k = 0; k < golden.events; k++) {
    const event = Float32Array.from({ length: size }, (_, i) => values.getFloat32(4 * (k * size + i), true));
    const answer = await device.decide(event);
    expect(answer.exit === golden.exits[k], `${manifest.name}: event ${k} leaves at exit ${answer.exit}, not ${golden.exits[k]}`);
    expect(answer.critical === (golden.decisions[k] === 1), `${manifest.name}: event ${k} is critical: ${answer.critical}`);
    answer.confidences.forEach((c, q) => { worst = Math.max(worst, Math.abs(c - golden.confidences[k][q])); });
    for (let q = 0; q < answer.exit; q++) expected[q]++;
  }
  expect(worst <= TOLERANCE, `${manifest.name}: confidences are ${worst} off`);
  expect(device.runs.join() === expected.join(), `${manifest.name}: stages ran ${device.runs} times, not ${expected}`);
  // By a device's own settings, too, if there is one.
  const own = manifest.files.map((file) => /^devices\/(.*)\.json$/.exec(file.path)).find((match) => match)[1];
  await openBundle(ort, read, own, { session });
  return `${manifest.name}: ${golden.events} golden events, confidences within ${worst.toExponential(1)}, stages ran ${device.runs} times`;
}

/** Spoilt bundles: refused in one line, or read as what they were. */
export async function checkHostile(ort, read, rounds, session) {
  const manifest = await read('manifest.json', 1 << 28);
  const names = JSON.parse(new TextDecoder().decode(manifest)).files.map((file) => file.path);
  const settings = names.find((name) => name.startsWith('devices/'));
  const device = settings.slice(8, -5);
  let state = 12345;
  const random = (n) => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) % n; };
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const victim = ['manifest.json', settings, 'stage-1.onnx'][round % 3];
    const spoilt = async (path, most) => {
      const bytes = await read(path, most);
      if (path !== victim) return bytes;
      const copy = bytes.slice(0, random(3) === 0 ? random(bytes.length + 1) : bytes.length);
      for (let i = random(4); i >= 0 && copy.length > 0; i--) copy[random(copy.length)] = random(256);
      return copy;
    };
    try {
      await openBundle(ort, spoilt, device, { session });
      expect(victim === 'manifest.json', `a spoilt ${victim} was taken`);
    } catch (e) {
      expect(e instanceof BundleError, `round ${round}, ${victim}: ${e.stack}`);
      expect(e.message.length > 0 && !/[\r\n\u2028]/.test(e.message), `round ${round}: the message is no line: ${e.message}`);
      refused++;
    }
  }
  // A manifest that is right about spoilt contents: what is behind the hashes.
  for (const [change, reason] of [
    [(m) => { m.format = 'qexit.bundle/9'; }, 'qexit.bundle/3'], [(m) => { m.exits = 2.5; }, 'exits'], [(m) => { m.exits = 1e9; }, 'exits'],
    [(m) => { m.stages = m.stages.slice(1); }, 'stages'], [(m) => { m.stages[0] = '../x'; }, 'no file'], [(m) => { m.kind = 'en'; }, 'kind'],
    [(m) => { m.files[0].path = '../../etc/passwd'; }, 'elsewhere'], [(m) => { m.files[0].path = 'a/./b'; }, 'elsewhere'],
    [(m) => { m.files.push(m.files[0]); }, 'twice'], [(m) => { m.files[0].bytes = -1; }, 'bytes'], [(m) => { m.files = {}; }, 'files'],
    [(m) => { m.input = null; }, 'input'], [(m) => { m.input.width = 1e15; }, 'input'], [(m) => { m.carries = [1e9]; }, 'carries'],
    [(m) => { m.files = m.files.filter((f) => f.path !== 'stage-2.onnx'); }, 'no file'],
  ]) {
    const changed = JSON.parse(new TextDecoder().decode(manifest));
    change(changed);
    const bytes = new TextEncoder().encode(JSON.stringify(changed));
    try {
      await openBundle(ort, async (path, most) => (path === 'manifest.json' ? bytes : read(path, most)), device, { session });
      throw new Error(`WRONG: taken: ${change}`);
    } catch (e) {
      expect(e instanceof BundleError && e.message.includes(reason), `${change}: ${e.message}`);
      refused++;
    }
  }
  for (const [lower, upper] of [[0.5, 0.4], [NaN, 1], [0, '1'], [-0.1, 1], ['never', 1], [[0], [1]], [[0, 0, 0], 1], [[0, 0, 2], [1, 1, 1]], [undefined, undefined]]) {
    try {
      readRule(lower, upper, 3);
      throw new Error(`WRONG: thresholds ${lower}, ${upper} were taken`);
    } catch (e) {
      expect(e instanceof BundleError, e.stack);
      refused++;
    }
  }
  const rule = readRule([0.2, 'never', 'always'], [0.7, 0.5, 'never'], 3);
  expect([decide(rule, 0, 0.2), decide(rule, 0, 0.3), decide(rule, 1, 0), decide(rule, 1, 0.5), decide(rule, 2, 1)].join() === '0,-1,-1,1,0', 'never and always');
  return `${refused} hostile bundles and rules refused`;
}
