package org.qexit.threshold.node;

import java.util.List;
import org.qexit.trace.ThresholdsFile;

/**
 * A choice of an edge node's thresholds as files hold it: a {@link ThresholdsFile} of its kind, with the facts of the choice.
 *
 * @param format of all files of thresholds
 * @param kind of an edge node's
 * @param model name of the model
 * @param modelSha256 of its parameters
 * @param devices none
 * @param edgeNode the choice
 * @param chain what it does end to end, or null
 * @param frontier every corner that could have been chosen, or null
 */
public record ChoiceFile(
        String format,
        String kind,
        String model,
        String modelSha256,
        List<String> devices,
        NodeSearch.Choice edgeNode,
        ChainFigures chain,
        List<NodeSearch.Choice> frontier) {
    public static ChoiceFile of(String model, String modelSha256, NodeSearch.Choice choice) {
        return new ChoiceFile(
                ThresholdsFile.FORMAT, ThresholdsFile.EDGE_NODE, model, modelSha256, List.of(), choice, null, null);
    }

    /** The same with everything that may be asked of it. */
    public ChoiceFile with(ChainFigures figures, List<NodeSearch.Choice> corners) {
        return new ChoiceFile(format, kind, model, modelSha256, devices, edgeNode, figures, corners);
    }
}
