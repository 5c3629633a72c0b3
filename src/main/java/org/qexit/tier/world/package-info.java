/** What comes to the devices, whatever the plan: when events come, and which. */
package org.qexit.tier.world;
