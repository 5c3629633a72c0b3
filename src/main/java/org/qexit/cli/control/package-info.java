/** Looking after a deployment: its certificates and control documents. */
package org.qexit.cli.control;
