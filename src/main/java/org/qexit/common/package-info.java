/** What every package may use: checks, named random streams, provenance, JSON and YAML, atomic files, progress. */
package org.qexit.common;
