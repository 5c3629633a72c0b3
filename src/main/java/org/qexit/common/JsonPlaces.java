package org.qexit.common;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Where in a text the values of a document stand, by paths such as {@code model.heads[2].kind}. */
interface JsonPlaces {
    /** The line, from 1, of the value at a path, or of the nearest value around it; null if unknown. */
    Integer line(String path);

    /** The scalar at a path, or null if there is none. */
    JsonNode scalar(String path);

    /** The fields of the object at a path, in order; none where that is not known. */
    default List<String> fields(String path) {
        return List.of();
    }

    /** The path without its last step. */
    static String around(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }
}
