package org.qexit.allocation.fleet;

import java.io.Serializable;
import java.util.Map;

/**
 * Which node each device takes: by its preferences at prices.
 *
 * @param moved devices that were moved to another node's number, by id
 */
public record Choice(Prices prices, Map<String, Integer> moved) implements Serializable {}
