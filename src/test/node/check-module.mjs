// The module of src/main/js in ONNX Runtime for Node.js, or with --chromium PROGRAM in ONNX Runtime for the web in a headless browser.
//
//   node check-module.mjs [--chromium PROGRAM] BUNDLE_DIRECTORY...
import { spawn } from 'node:child_process';
import { readFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

process.env.ORT_DISABLE_TELEMETRY = '1';
const here = fileURLToPath(new URL('.', import.meta.url));
const main = join(here, '../../main/js/qexit-device.mjs');
const words = process.argv.slice(2);
const browser = words[0] === '--chromium' ? words.splice(0, 2)[1] : null;
const bundles = words.filter((folder) => JSON.parse(readFileSync(join(folder, 'manifest.json'))).kind === undefined);
if (bundles.length === 0) {
  console.error('usage: node check-module.mjs [--chromium PROGRAM] BUNDLE_DIRECTORY...');
  process.exit(2);
}

async function inNode() {
  const ort = await import('onnxruntime-node');
  const { fromDirectory } = await import(main);
  // The cases name the module as a browser would find it.
  const folder = mkdtempSync(join(tmpdir(), 'module-'));
  const cases = join(folder, 'cases.mjs');
  writeFileSync(cases, readFileSync(join(here, 'module-cases.mjs'), 'utf8').replace("'/qexit-device.mjs'", JSON.stringify(pathToFileURL(main).href)));
  const { checkGolden, checkHostile } = await import(pathToFileURL(cases).href);
  rmSync(folder, { recursive: true });
  const quiet = { logSeverityLevel: 4 };
  for (const bundle of bundles) console.log(`Node.js: ${await checkGolden(ort, fromDirectory(bundle), quiet)}`);
  console.log(`Node.js: ${await checkHostile(ort, fromDirectory(bundles[0]), 600, quiet)}`);
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>qexit-device</title><script type="module">
import * as ort from '/ort/ort.wasm.min.mjs';
import { fromUrl } from '/qexit-device.mjs';
import { checkGolden, checkHostile } from '/module-cases.mjs';
ort.env.wasm.wasmPaths = new URL('/ort/', location).href;
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'fatal';
const lines = [];
let right = true;
try {
  const session = { executionProviders: ['wasm'], logSeverityLevel: 4 };
  for (let i = 0; i < ${bundles.length}; i++) lines.push(await checkGolden(ort, fromUrl(new URL('/bundle/' + i + '/', location)), session));
  lines.push(await checkHostile(ort, fromUrl(new URL('/bundle/0/', location)), 90, session));
} catch (e) {
  right = false;
  lines.push(String(e.stack ?? e));
}
await fetch('/result', { method: 'POST', body: JSON.stringify({ right, lines }) });
</script>`;

async function inChromium() {
  const types = { '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };
  const roots = { ort: join(here, 'node_modules/onnxruntime-web/dist') };
  bundles.forEach((bundle, i) => { roots[`bundle/${i}`] = bundle; });
  let finished;
  const result = new Promise((resolve) => { finished = resolve; });
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(request.url.split('?')[0]));
    if (request.method === 'POST') {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => { response.end(); finished(JSON.parse(Buffer.concat(parts).toString())); });
      return;
    }
    const root = Object.keys(roots).find((name) => path.startsWith(`/${name}/`));
    const file = path === '/qexit-device.mjs' ? main : path === '/module-cases.mjs' ? join(here, 'module-cases.mjs')
      : root ? join(roots[root], path.slice(root.length + 2)) : null;
    if (path === '/') response.setHeader('Content-Type', 'text/html').end(PAGE);
    else if (file && existsSync(file)) response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream').end(readFileSync(file));
    else { response.statusCode = 404; response.end(); }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const profile = mkdtempSync(join(tmpdir(), 'browser-'));
  const child = spawn(browser, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/`], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const late = setTimeout(() => finished({ right: false, lines: ['the browser says nothing for three minutes'] }), 180000);
  const { right, lines } = await result;
  clearTimeout(late);
  child.kill('SIGKILL');
  await ended;
  server.close();
  server.closeAllConnections();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  lines.forEach((line) => console.log(`Chromium: ${line}`));
  if (!right) process.exit(1);
}

await (browser ? inChromium() : inNode());
