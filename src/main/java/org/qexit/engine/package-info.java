/**
 * Training steps and inference of early-exit networks on plain arrays, without any third party: {@link org.qexit.engine.Engine} runs what a
 * {@link org.qexit.engine.Blueprint} says. The same numbers, bit by bit, on every processor and on any number of threads: docs/performance.md.
 */
package org.qexit.engine;
