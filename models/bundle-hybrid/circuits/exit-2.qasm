// Head of exit 2, trained. Wire order: q[i] is bit i of the basis index, q[0] the least significant; c[i] measures q[i].
// The head uses the expectation values <Z_i> = P(c[i] = 0) - P(c[i] = 1).
// Inputs are angles [rad], from the outputs z of the dense layer exit2.angles:
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
rx(1.168624758720398) q[0];
ry(-0.23829150199890137) q[0];
rz(0.1973711997270584) q[0];
rx(0.48677703738212585) q[1];
ry(0.16855919361114502) q[1];
rz(0.5889270305633545) q[1];
rx(-1.291637897491455) q[2];
ry(0.09145772457122803) q[2];
rz(0.7311283349990845) q[2];
rx(-0.3169376254081726) q[3];
ry(0.26857414841651917) q[3];
rz(0.08906437456607819) q[3];
cx q[0], q[1];
cx q[1], q[2];
cx q[2], q[3];
cx q[3], q[0];
rx(-0.23327243328094482) q[0];
ry(-1.431007742881775) q[0];
rz(0.570111870765686) q[0];
rx(0.75760418176651) q[1];
ry(-0.8643983602523804) q[1];
rz(0.15964128077030182) q[1];
rx(0.6086155772209167) q[2];
ry(1.148090124130249) q[2];
rz(-0.1692715436220169) q[2];
rx(1.073127031326294) q[3];
ry(-0.8026617765426636) q[3];
rz(0.2485674023628235) q[3];
cx q[0], q[1];
cx q[1], q[2];
cx q[2], q[3];
cx q[3], q[0];
c = measure q;
