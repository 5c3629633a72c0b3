package org.qexit.scale.spark;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.qexit.allocation.fleet.Candidate;
import org.qexit.allocation.fleet.Choice;
import org.qexit.allocation.fleet.FleetBlock;
import org.qexit.allocation.fleet.FleetWork;
import org.qexit.allocation.fleet.PriceSums;
import org.qexit.allocation.fleet.Prices;

/** Passes over blocks that Spark holds: sums are formed task by task, then on the way to the driver, in a fixed order. */
final class SparkFleetWork implements FleetWork {
    private final JavaSparkContext spark;
    private final JavaRDD<FleetBlock> blocks;
    private final int nodes;

    SparkFleetWork(JavaSparkContext spark, JavaRDD<FleetBlock> blocks, int nodes) {
        this.spark = spark;
        this.blocks = blocks;
        this.nodes = nodes;
    }

    @Override
    public PriceSums price(Prices prices) {
        Broadcast<Prices> shared = spark.broadcast(prices);
        int count = nodes;
        List<PriceSums> parts = blocks.mapPartitions(own -> {
                    PriceSums sums = new PriceSums(count);
                    own.forEachRemaining(block -> block.price(shared.value(), sums));
                    return List.of(sums).iterator();
                })
                .collect();
        shared.destroy();
        PriceSums all = new PriceSums(nodes);
        parts.forEach(all::add);
        return all;
    }

    @Override
    public double[][] uses(Choice choice) {
        Broadcast<Choice> shared = spark.broadcast(choice);
        int count = nodes;
        List<double[][]> parts = blocks.mapPartitions(own -> {
                    double[][] uses = new double[3][count];
                    own.forEachRemaining(block -> block.uses(shared.value(), uses[0], uses[1], uses[2]));
                    return List.<double[][]>of(uses).iterator();
                })
                .collect();
        shared.destroy();
        double[][] all = new double[3][nodes];
        for (double[][] part : parts) {
            for (int r = 0; r < all.length; r++) {
                for (int j = 0; j < nodes; j++) {
                    all[r][j] += part[r][j];
                }
            }
        }
        return all;
    }

    @Override
    public List<Candidate> candidates(Choice choice, boolean[] overfull) {
        Broadcast<Choice> shared = spark.broadcast(choice);
        List<Candidate> found = blocks.flatMap(
                        block -> block.candidates(shared.value(), overfull).iterator())
                .collect();
        shared.destroy();
        return found;
    }
}
