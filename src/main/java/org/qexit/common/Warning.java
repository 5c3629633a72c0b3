package org.qexit.common;

/**
 * What is allowed but will hardly do what its maker wants. A warning goes to standard error, and into the report, the model card and what
 * {@code --json} prints.
 *
 * @param id a kebab-case word that stays the same from version to version, for programs
 * @param text one line: what was found, where, and what was expected
 */
public record Warning(String id, String text) {
    public Warning {
        if (!Checks.notBlank("id", id).matches("[a-z][a-z0-9-]*")) {
            throw new IllegalArgumentException("id is '" + id + "'; expected small letters, digits and hyphens");
        }
        text = new UserError(Checks.notBlank("text", text)).getMessage();
    }

    @Override
    public String toString() {
        return "warning: " + text;
    }
}
