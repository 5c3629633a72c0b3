/** What a simulation is of, as its file says: arrivals, devices, links, nodes, what happens, policies; and the fleet, plans and traces it names. */
package org.qexit.tier.scenario;
