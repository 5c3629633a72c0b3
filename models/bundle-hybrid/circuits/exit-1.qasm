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
rx(-0.3314160406589508) q[0];
ry(0.3924653232097626) q[0];
rz(-0.10678856074810028) q[0];
rx(-0.07412075251340866) q[1];
ry(0.10587705671787262) q[1];
rz(0.16937845945358276) q[1];
rx(-0.48947104811668396) q[2];
ry(0.10638461261987686) q[2];
rz(1.0534818172454834) q[2];
rx(0.3111165761947632) q[3];
ry(-0.20918206870555878) q[3];
rz(0.11909891664981842) q[3];
cx q[0], q[1];
cx q[1], q[2];
cx q[2], q[3];
cx q[3], q[0];
rx(0.24048133194446564) q[0];
ry(-1.1202322244644165) q[0];
rz(-0.24782854318618774) q[0];
rx(0.5225226283073425) q[1];
ry(-0.2474672943353653) q[1];
rz(-0.5821897983551025) q[1];
rx(0.35125303268432617) q[2];
ry(-0.4314683973789215) q[2];
rz(0.2634805142879486) q[2];
rx(0.5638058185577393) q[3];
ry(-0.42963892221450806) q[3];
rz(-0.48584234714508057) q[3];
cx q[0], q[1];
cx q[1], q[2];
cx q[2], q[3];
cx q[3], q[0];
c = measure q;
