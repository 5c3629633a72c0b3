package org.qexit.nn;

/** What decides at an exit. */
public enum HeadKind {
    /** features → dense to two logits. */
    LINEAR,
    /** features → dense, tanh → dense to two logits. */
    MLP,
    /** features → dense to n angles → circuit → ⟨Z_i⟩ → dense to two logits. */
    QUANTUM
}
