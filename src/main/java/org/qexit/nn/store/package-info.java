/**
 * Models on disk: a directory with {@code model.json} and the parameters that it names.
 */
package org.qexit.nn.store;
