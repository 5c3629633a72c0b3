package org.qexit.experiment.bench;

import java.util.List;
import org.qexit.allocation.FleetGenerator;
import org.qexit.common.Checks;

/**
 * What the study of the joint plan runs ({@link AllocationStudy}); YAML.
 *
 * @param seed of the first fleet
 * @param course gap over time
 * @param scaling time over fleet size
 * @param methods all methods on the same fleets
 * @param load fairness over load, in the setting of FREDI
 * @param levels what security levels cost, in the setting of FREDI
 */
public record AllocationStudyConfig(
        long seed, Course course, Scaling scaling, Compared methods, Load load, Levels levels) {
    public AllocationStudyConfig {
        Checks.present("course", course);
        Checks.present("scaling", scaling);
        Checks.present("methods", methods);
        Checks.present("load", load);
        Checks.present("levels", levels);
    }

    /**
     * Gap over time.
     *
     * @param families of fleets
     * @param devices of a fleet
     * @param nodes of a fleet
     * @param methods run on one fleet of each family
     * @param seconds of each search [s]
     */
    public record Course(
            List<FleetGenerator.Family> families, int devices, int nodes, List<String> methods, double seconds) {}

    /**
     * Time over fleet size.
     *
     * @param families of fleets
     * @param shapes {@code [size][devices, nodes]}
     * @param seeds fleets per family and size
     * @param seconds of each search [s]
     * @param gap at which a search ends [%]
     */
    public record Scaling(
            List<FleetGenerator.Family> families, List<List<Integer>> shapes, int seeds, double seconds, double gap) {}

    /**
     * All methods on the same fleets.
     *
     * @param families of fleets
     * @param devices of a fleet
     * @param nodes of a fleet
     * @param seeds fleets per family
     * @param seconds of each search [s]
     */
    public record Compared(List<FleetGenerator.Family> families, int devices, int nodes, int seeds, double seconds) {}

    /**
     * Fairness over load.
     *
     * @param devices of a fleet
     * @param loads offloads wanted over offloads possible
     * @param seeds fleets per load
     * @param seconds of each search [s]
     */
    public record Load(int devices, List<Double> loads, int seeds, double seconds) {}

    /**
     * What security levels cost.
     *
     * @param devices of a fleet
     * @param loads offloads wanted over offloads possible
     * @param levels numbers of levels tried
     * @param seeds fleets per load and number of levels
     * @param seconds of each search [s]
     */
    public record Levels(int devices, List<Double> loads, List<Integer> levels, int seeds, double seconds) {}
}
