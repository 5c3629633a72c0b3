package org.qexit.quantum.qasm;

/** What the names in an expression stand for. */
interface Names {
    /** The value of a name; refuses what is not declared or not known before the program runs. */
    LinearAngle value(Token name);

    /** One bit of a name's value. */
    LinearAngle element(Token name, int index);
}
