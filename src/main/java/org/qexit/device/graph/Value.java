package org.qexit.device.graph;

/**
 * A tensor of one event.
 *
 * @param slot where its numbers are
 * @param shape of it, the batch of 1 included
 * @param at where each number is, row-major; null for one after another
 * @param clean whether the numbers of the slot that are none of the tensor's are 0, and none is there twice
 * @param map how feature maps lie; null for other tensors
 */
record Value(int slot, int[] shape, int[] at, boolean clean, MapLayout map) {
    /** One number after another. */
    static Value plain(int slot, int... shape) {
        return new Value(slot, shape, null, true, null);
    }

    static Value of(int slot, MapLayout map) {
        return new Value(slot, map.shape(), map.addresses(), true, map);
    }

    /** The same numbers in another shape. */
    Value reshaped(int... other) {
        return new Value(slot, other, at, clean, null);
    }

    /** Some of the numbers, by their row-major places. */
    Value picked(int[] places, int... other) {
        int[] addresses = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            addresses[i] = address(places[i]);
        }
        return new Value(slot, other, addresses, false, null);
    }

    /** Where a number is, by its row-major place. */
    int address(int place) {
        return at == null ? place : at[place];
    }

    int size() {
        return size(shape);
    }

    static int size(int... shape) {
        int size = 1;
        for (int extent : shape) {
            size *= extent;
        }
        return size;
    }
}
