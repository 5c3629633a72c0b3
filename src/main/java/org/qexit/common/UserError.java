package org.qexit.common;

/**
 * A mistake that the user can mend: a wrong path, field or value. The message is one line that names the file, the field,
 * the value and what was expected; advice in it begins with "Maybe". The command line prints it without a stack trace and
 * ends with exit code 2.
 */
public class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(oneLine(message));
    }

    public UserError(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    /** What a file holds, fit for a message: no control characters, at most 120 characters. */
    public static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 120 ? clean : clean.substring(0, 117) + "...";
    }

    /** Names and values in messages come from files of all kinds: none may break the line. */
    private static String oneLine(String message) {
        return message == null ? "no message" : message.replaceAll("\\R|\\p{Cntrl}", "?");
    }
}
