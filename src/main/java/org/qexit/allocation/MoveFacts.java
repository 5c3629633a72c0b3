package org.qexit.allocation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.qexit.common.Checks;

/**
 * What a re-optimised plan changes of the plan before. Its method maximises Σ ρ_n ln U_n − C · (devices moved); devices that are new,
 * or whose node is gone, go anywhere at no cost.
 *
 * @param previous name of the instance of the plan before
 * @param costPerMove C ≥ 0
 * @param moved devices at another node than before
 * @param free devices that were not in the plan before, or whose node is gone
 * @param netObjective the plan's objective less the cost of its moves
 * @param netBound no plan has a larger one
 * @param netGap bound − objective
 * @param stayObjective the objective if no device moved, or null if that does not fit
 * @param multipliers prices on the nodes' capacities that prove the net bound, or a weaker one
 * @param tree the proof of the net bound, like the certificate's, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MoveFacts(
        String previous,
        double costPerMove,
        List<Move> moved,
        List<String> free,
        double netObjective,
        Double netBound,
        Double netGap,
        Double stayObjective,
        Certificate.Multipliers multipliers,
        List<Certificate.ProofStep> tree) {
    public MoveFacts {
        moved = moved == null ? List.of() : List.copyOf(moved);
        free = free == null ? List.of() : List.copyOf(free);
        tree = tree == null ? null : List.copyOf(tree);
    }

    /**
     * One device that moved.
     *
     * @param device its id
     * @param from its node before
     * @param to its node now
     * @param gain what the objective would lose if it alone stayed, compute of both nodes divided anew; null if it cannot stay
     * @param why in words
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Move(String device, String from, String to, Double gain, String why) {
        public Move {
            Checks.notBlank("device", device);
            Checks.notBlank("from", from);
            Checks.notBlank("to", to);
        }
    }
}
