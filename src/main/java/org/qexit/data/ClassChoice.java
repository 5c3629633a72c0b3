package org.qexit.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.stream.IntStream;
import org.qexit.common.Suggestions;
import org.qexit.common.UserError;

/**
 * A class as users name it: a whole number is an id, text is a name.
 *
 * @param value an Integer or a String
 */
public record ClassChoice(Object value) {
    public ClassChoice {
        if (!(value instanceof String text && !text.isBlank()) && !(value instanceof Integer)) {
            throw new IllegalArgumentException(
                    "a class is '" + value + "'; expected the name of a class or its number from 0");
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ClassChoice of(Object value) {
        return new ClassChoice(value);
    }

    @JsonValue
    Object json() {
        return value;
    }

    /**
     * The class id.
     *
     * @param data name of the data set, for messages
     * @param names by class id
     * @throws UserError if no class has the name
     */
    public int id(String data, List<String> names) {
        if (value instanceof Integer id) {
            return id;
        }
        int id = place((String) value, names);
        if (id < 0) {
            throw new UserError("data set " + data + ": no class '" + UserError.shown((String) value) + "'"
                    + Suggestions.maybe((String) value, names) + "; expected some of: "
                    + UserError.shown(String.join(", ", names)));
        }
        return id;
    }

    /** As written, or else the only name that differs in capitals alone. */
    private static int place(String text, List<String> names) {
        int exact = names.indexOf(text);
        int[] alike = IntStream.range(0, names.size())
                .filter(i -> names.get(i).equalsIgnoreCase(text))
                .toArray();
        return exact >= 0 || alike.length != 1 ? exact : alike[0];
    }
}
