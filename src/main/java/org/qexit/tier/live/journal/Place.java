package org.qexit.tier.live.journal;

/**
 * Where a record is.
 *
 * @param number of the record, ascending from 1 over the log's whole life
 * @param segment number of the first record of its segment
 * @param offset of the record's first byte in the segment's file
 */
public record Place(long number, long segment, long offset) {}
