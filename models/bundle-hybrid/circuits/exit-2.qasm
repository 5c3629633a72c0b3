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
rx(1.2854089736938477) q[0];
ry(-0.39673006534576416) q[0];
rz(0.14183001220226288) q[0];
rx(1.0733904838562012) q[1];
ry(0.3042624890804291) q[1];
rz(0.23877675831317902) q[1];
rx(-1.0049388408660889) q[2];
ry(0.32338738441467285) q[2];
rz(0.6649419665336609) q[2];
rx(-0.1764220893383026) q[3];
ry(0.20340000092983246) q[3];
rz(0.1825428307056427) q[3];
cx q[0], q[1];
cx q[1], q[2];
cx q[2], q[3];
cx q[3], q[0];
rx(-0.23722074925899506) q[0];
ry(-1.2681403160095215) q[0];
rz(0.570111870765686) q[0];
rx(0.5938871502876282) q[1];
ry(-0.5396247506141663) q[1];
rz(0.15964128077030182) q[1];
rx(0.524922788143158) q[2];
ry(1.0508636236190796) q[2];
rz(-0.1692715436220169) q[2];
rx(1.1818138360977173) q[3];
ry(-0.770614743232727) q[3];
rz(0.2485674023628235) q[3];
cx q[0], q[1];
cx q[1], q[2];
cx q[2], q[3];
cx q[3], q[0];
c = measure q;
