#!/usr/bin/env bash
# qsharp-lang 1.32.5-dev (npm): a controlled rotation by a negative angle is read as one by the angle plus 2π, which is another gate: R(θ + 2π) = -R(θ),
# and where it is controlled, the sign is one of the control. crz(-1.3) between Hadamard gates on both qubits and one on the control must give
# 1 with probability sin²(1.3/4) = 0.1020 (qelib1.inc of OpenQASM 2 defines it with real numbers, halves included); it gives 0.8980, in silence. The same
# by two plain rotations and CNOTs is right, and so is crz(+1.3).
# What one would do: never write crx, cry, crz for it, nor a definition that divides its angle; plain rotations by literal half angles between CNOTs.
# Output seen: crz(-1.3): 0.8980; crz(1.3): 0.1020; by rz and cx: 0.1020
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact qsharp-lang@1.32.5-dev
cat >finding.mjs <<'JS'
import { readFileSync } from 'node:fs';
import * as qsharp from 'qsharp-lang';

await qsharp.loadWasmModule(readFileSync('node_modules/qsharp-lang/lib/web/qsc_wasm_bg.wasm'));
async function probability(gates) {
  const program = `OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nh q[0];\nh q[1];\n${gates}\nh q[0];\nmeasure q[0] -> c[0];\n`;
  const service = await qsharp.getDebugService();
  const sources = [['a.qasm', program]];
  const refused = await service.loadProgram({ sources, languageFeatures: [], profile: 'unrestricted', projectType: 'openqasm' }, undefined);
  if (refused) throw new Error(refused);
  const line = program.split('\n').findIndex((text) => text.startsWith('measure'));
  const stop = (await service.getBreakpoints('a.qasm')).filter((b) => b.range.start.line === line).map((b) => b.id);
  await service.evalContinue(stop, new qsharp.QscEventTarget(false));
  let sum = 0;
  for (const { name, value } of await service.captureQuantumState()) {
    const [, re, im] = value.replaceAll('−', '-').match(/^(.*[0-9])([+-][0-9.]+)𝑖$/u);
    if (name[1] === '1') sum += Number(re) ** 2 + Number(im) ** 2;
  }
  await service.dispose();
  return sum.toFixed(4);
}
const plain = 'rz(-0.65) q[1]; cx q[0],q[1]; rz(0.65) q[1]; cx q[0],q[1];';
console.log(`crz(-1.3): ${await probability('crz(-1.3) q[0],q[1];')}; crz(1.3): ${await probability('crz(1.3) q[0],q[1];')}; ` +
  `by rz and cx: ${await probability(plain)}`);
JS
seen=$(node finding.mjs)
echo "$seen"
test "$seen" = "crz(-1.3): 0.8980; crz(1.3): 0.1020; by rz and cx: 0.1020"
