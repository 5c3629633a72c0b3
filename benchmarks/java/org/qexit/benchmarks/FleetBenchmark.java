package org.qexit.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.qexit.allocation.FleetGenerator;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.scenario.NamedPlan;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.tier.sim.Simulation;
import org.qexit.trace.DeviceTrace;

/**
 * What one core takes for an event of a fleet, from where it is seen to its end: 100 devices at 8 nodes, generated with their traces, under a plan.
 * All of {@code qexit simulate} but reading and writing is in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(3)
public class FleetBenchmark {
    private static final int DEVICES = 100;
    private static final int NODES = 8;

    /** Events that are expected to come, and do to a hundredth, as {@link #prepare} checks. */
    private static final int EVENTS = 50_000;

    /** The scenario as it is by default, with a fade for every event sent, or with shared nodes and a way to the server. */
    @Param({"plain", "fading", "shared"})
    public String scenario;

    private SimulationInputs inputs;

    @Setup
    public void prepare() {
        Progress.enable(false);
        Instance fleet = FleetGenerator.fleet(FleetGenerator.Family.GEO, DEVICES, NODES, 1);
        Plan plan = Planner.of(fleet).plan("exact", SolveOptions.defaults().withSeconds(60).withGap(0.01));
        List<DeviceTrace> traces = new ArrayList<>();
        double perPeriod = 0;
        for (Instance.Device device : fleet.devices()) {
            traces.add(device.deviceTrace());
            perPeriod += device.deviceTrace().size();
        }
        String extra =
                switch (scenario) {
                    case "plain" -> "";
                    case "fading" -> "link: {fading: rayleigh}\n";
                    case "shared" -> "node: {sharing: weighted}\nbackhaul: {delaySeconds: 0.02, bitsPerSecond: 1.0e8}\n";
                    default -> throw new IllegalArgumentException("no scenario " + scenario);
                };
        Scenario read = Json.parseYaml(
                "fleet.yaml",
                "format: qexit.scenario/1\nperiodSeconds: 600\nhorizonSeconds: " + 600 * EVENTS / perPeriod
                        + "\nwarmUp: 0\nreplications: 1\ndevice: {exitSeconds: [0.002, 0.005, 0.009]}\n" + extra,
                Scenario.class);
        inputs = new SimulationInputs(
                read, fleet, List.of(new NamedPlan("exact", plan)), traces, null, null, null);
        long came = run().devices().stream().mapToLong(SimulationResult.Device::events).sum();
        if (Math.abs(came - EVENTS) > EVENTS / 100) {
            throw new IllegalStateException(came + " events came; expected " + EVENTS + ", by which the time is divided");
        }
    }

    private SimulationResult run() {
        return Simulation.run(inputs, 1, new AtomicBoolean());
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public SimulationResult event() {
        return run();
    }
}
