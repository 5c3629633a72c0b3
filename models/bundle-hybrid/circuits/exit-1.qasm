// Head of exit 1, trained. Wire order: q[i] is bit i of the basis index, q[0] the least significant; c[i] measures q[i].
// The head uses the expectation values <Z_i> = P(c[i] = 0) - P(c[i] = 1).
// Inputs are angles [rad], from the outputs z of the dense layer exit1.angles:
//   x_0 = 1.5707963267948966 + z_0
//   x_1 = 1.5707963267948966 + z_1
//   x_2 = 1.5707963267948966 + z_2
//   x_3 = 1.5707963267948966 + z_3
OPENQASM 3.0;
include "stdgates.inc";
input float[64] x_0;
input float[64] x_1;
input float[64] x_2;
input float[64] x_3;
qubit[4] q;
bit[4] c;
ry(x_0) q[0];
ry(x_1) q[1];
ry(x_2) q[2];
ry(x_3) q[3];
rx(-0.005978113505989313) q[0];
ry(0.4529786705970764) q[0];
rz(-0.10068314522504807) q[0];
rx(0.011789623647928238) q[1];
ry(0.0913674458861351) q[1];
rz(0.20085512101650238) q[1];
rx(-0.1572616696357727) q[2];
ry(0.20984145998954773) q[2];
rz(0.9253745079040527) q[2];
rx(0.11743663251399994) q[3];
ry(-0.18533004820346832) q[3];
rz(0.11815335601568222) q[3];
cx q[0], q[1];
cx q[1], q[2];
cx q[2], q[3];
cx q[3], q[0];
rx(0.017834428697824478) q[0];
ry(-0.3499998450279236) q[0];
rz(-0.24782854318618774) q[0];
rx(0.07666104286909103) q[1];
ry(-0.044611647725105286) q[1];
rz(-0.5821897983551025) q[1];
rx(0.034650448709726334) q[2];
ry(-0.2370065301656723) q[2];
rz(0.2634805142879486) q[2];
rx(0.042278070002794266) q[3];
ry(-0.05423227697610855) q[3];
rz(-0.48584234714508057) q[3];
cx q[0], q[1];
cx q[1], q[2];
cx q[2], q[3];
cx q[3], q[0];
c = measure q;
