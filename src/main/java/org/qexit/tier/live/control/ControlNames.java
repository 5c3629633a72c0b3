package org.qexit.tier.live.control;

import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.tier.live.security.Identity;

/** Names of documents and bundles, in directories and in URLs. */
public final class ControlNames {
    /** The subject of what concerns all. */
    public static final String ALL = "*";

    /** In the place of {@link #ALL} in names of files and URLs; no id begins like this. */
    private static final String ALL_WORD = "_all";

    static final String BUNDLES = "bundles";

    private ControlNames() {}

    /** @throws IllegalArgumentException unless it is "*" or an id */
    static String checkSubject(String subject) {
        if (subject == null || !subject.equals(ALL) && !subject.matches(Identity.NAME)) {
            throw new IllegalArgumentException("subject is '" + (subject == null ? "" : UserError.shown(subject))
                    + "'; expected '*' or the id of a device or node");
        }
        return subject;
    }

    /** {@code plan-ue1}, {@code plan-_all}. */
    static String document(ControlKind kind, String subject) {
        return kind.word() + "-" + word(checkSubject(subject));
    }

    /** Where servers have a document. */
    public static String documentPath(ControlKind kind, String subject) {
        return "/v1/control/" + kind.word() + "/" + word(checkSubject(subject));
    }

    /** Where servers have a bundle. */
    public static String bundlePath(String sha256) {
        return "/v1/bundles/" + bundle(sha256);
    }

    /** {@code SHA256.zip}. */
    static String bundle(String sha256) {
        return Checks.sha256("sha256", sha256) + ".zip";
    }

    private static String word(String subject) {
        return subject.equals(ALL) ? ALL_WORD : subject;
    }

    /**
     * The subject that a part of a path stands for.
     *
     * @throws IllegalArgumentException for what stands for none
     */
    public static String subject(String word) {
        return word.equals(ALL_WORD) ? ALL : checkSubject(word);
    }
}
