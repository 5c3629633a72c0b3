/** What a simulation found: as a record that is its file, as tables, in words. */
package org.qexit.tier.result;
