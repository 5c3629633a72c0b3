/** Data sets in memory and what is learnt from them: examples and classes, splits, the task of critical events, labelled sets. */
package org.qexit.data;
