/** What files of a user's own hold: from them alone a descriptor, the critical classes, and what was thought on the way. */
package org.qexit.data.guess;
