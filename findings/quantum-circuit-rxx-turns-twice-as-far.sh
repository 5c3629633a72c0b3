#!/usr/bin/env bash
# quantum-circuit 0.9.250 (npm): rxx(t) and ryy(t) turn by exp(-i t XX), rzz(t) of the same library by exp(-i t ZZ / 2), which is what OpenQASM's
# libraries and Qiskit mean by all three. From |00>, rxx(0.8) must reach |11> with probability sin²(0.4), as rzz does between Hadamard gates; it reaches
# it with sin²(0.8). Its exporter writes the angle as it is, so that the program for Qiskit computes something else than what was just simulated. All
# of it in silence; the one-qubit rotations, rzz and the controlled rotations are right.
# What one would do: write rxx as rzz between Hadamard gates.
# Output seen: sin²(0.4) 0.1516, sin²(0.8) 0.5146; rzz 0.1516, rxx 0.5146, ryy 0.5146; exported: qc.rxx(0.8, q[0], q[1])
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact quantum-circuit@0.9.250
cat >finding.mjs <<'JS'
import QuantumCircuit from 'quantum-circuit';

function circuit(gates) {
  const made = new QuantumCircuit();
  made.importQASM(`OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\n${gates}\n`);
  made.run();
  return made;
}
const ones = (gates) => circuit(gates).probabilities()[0].toFixed(4);
const exported = circuit('rxx(0.8) q[0],q[1];').exportToQiskit({}).split('\n').find((line) => line.startsWith('qc.rxx'));
console.log(`sin²(0.4) ${(Math.sin(0.4) ** 2).toFixed(4)}, sin²(0.8) ${(Math.sin(0.8) ** 2).toFixed(4)}; ` +
  `rzz ${ones('h q[0];\nh q[1];\nrzz(0.8) q[0],q[1];\nh q[0];\nh q[1];')}, rxx ${ones('rxx(0.8) q[0],q[1];')}, ` +
  `ryy ${ones('ryy(0.8) q[0],q[1];')}; exported: ${exported}`);
JS
seen=$(node finding.mjs 2>/dev/null)
echo "$seen"
test "$seen" = "sin²(0.4) 0.1516, sin²(0.8) 0.5146; rzz 0.1516, rxx 0.5146, ryy 0.5146; exported: qc.rxx(0.8, q[0], q[1])"
