package org.qexit.allocation.fleet;

import java.util.List;

/** Blocks in memory, one thread. */
public record LocalFleetWork(List<FleetBlock> blocks, int nodes) implements FleetWork {
    @Override
    public PriceSums price(Prices prices) {
        PriceSums sums = new PriceSums(nodes);
        blocks.forEach(block -> block.price(prices, sums));
        return sums;
    }

    @Override
    public double[][] uses(Choice choice) {
        double[][] uses = new double[3][nodes];
        blocks.forEach(block -> block.uses(choice, uses[0], uses[1], uses[2]));
        return uses;
    }

    @Override
    public List<Candidate> candidates(Choice choice, boolean[] overfull) {
        return blocks.stream()
                .flatMap(block -> block.candidates(choice, overfull).stream())
                .toList();
    }
}
