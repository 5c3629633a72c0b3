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

    /** @param methods run on one fleet of each family */
    public record Course(
            List<FleetGenerator.Family> families, int devices, int nodes, List<String> methods, double seconds) {}

    /** @param shapes {@code [size][devices, nodes]} */
    public record Scaling(
            List<FleetGenerator.Family> families, List<List<Integer>> shapes, int seeds, double seconds, double gap) {}

    /** @param seeds fleets per family */
    public record Compared(List<FleetGenerator.Family> families, int devices, int nodes, int seeds, double seconds) {}

    /** @param loads offloads wanted over offloads possible */
    public record Load(int devices, List<Double> loads, int seeds, double seconds) {}

    /** @param levels numbers of levels tried */
    public record Levels(int devices, List<Double> loads, List<Integer> levels, int seeds, double seconds) {}
}
