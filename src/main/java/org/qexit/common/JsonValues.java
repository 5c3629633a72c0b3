package org.qexit.common;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** Puts other values into a document, by paths such as {@code happens.0.at}. */
final class JsonValues {
    private JsonValues() {}

    /**
     * Puts one value. Objects on the way that are missing are made; places of a list are not.
     *
     * @param name of the document, for messages
     * @throws UserError if the path leads nowhere
     */
    static void put(String name, JsonNode root, String path, JsonNode value) {
        String[] steps = path.split("\\.", -1);
        if (Arrays.stream(steps).anyMatch(String::isBlank)) {
            throw new UserError(
                    name + ": '" + path + "' is no path; expected fields and places of lists, joined by dots");
        }
        JsonNode at = root;
        for (int i = 0; i < steps.length; i++) {
            boolean last = i == steps.length - 1;
            if (at instanceof ObjectNode object) {
                if (last) {
                    object.set(steps[i], value);
                } else if (object.path(steps[i]).isMissingNode()) {
                    object.putObject(steps[i]);
                }
                at = object.get(steps[i]);
            } else if (at instanceof ArrayNode list) {
                int place = place(name, path, steps[i], list.size());
                if (last) {
                    list.set(place, value);
                }
                at = list.get(place);
            } else {
                throw new UserError(name + ": '" + path + "' leads nowhere: before '" + steps[i]
                        + "' stands a value; expected an object or a list");
            }
        }
    }

    private static int place(String name, String path, String step, int size) {
        if (step.matches("[0-9]{1,6}") && Integer.parseInt(step) < size) {
            return Integer.parseInt(step);
        }
        throw new UserError(name + ": '" + path + "' leads nowhere: the list has " + size
                + " values; expected a place from 0 to " + (size - 1) + ", not '" + step + "'");
    }
}
