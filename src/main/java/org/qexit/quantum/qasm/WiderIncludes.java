package org.qexit.quantum.qasm;

import java.util.Map;
import java.util.Optional;

/**
 * Gates that some versions of qelib1.inc define and others lack, each of which has one meaning wherever it stands: the relative-phase Toffoli
 * gates of Maslov, Advantages of using relative-phase Toffoli gates (Phys. Rev. A 93, 022311), and X with three and four controls.
 */
final class WiderIncludes {
    private static final Map<String, String> DEFINITIONS = Map.of(
            "rccx",
            "gate rccx a, b, c { h c; t c; cx b, c; tdg c; cx a, c; t c; cx b, c; tdg c; h c; }",
            "rc3x",
            "gate rc3x a, b, c, d { h d; t d; cx c, d; tdg d; h d; cx a, d; t d; cx b, d; tdg d; cx a, d; t d; cx b, d; tdg d;"
                    + " h d; t d; cx c, d; tdg d; h d; }",
            "c3x",
            "gate c3x a, b, c, d { ctrl(3) @ x a, b, c, d; }",
            "c4x",
            "gate c4x a, b, c, d, e { ctrl(4) @ x a, b, c, d, e; }");

    private WiderIncludes() {}

    /** The definition of a gate, or none. */
    static Optional<Statement.GateDefinition> of(Token name) {
        return Optional.ofNullable(DEFINITIONS.get(name.text()))
                .flatMap(text -> new StatementParser(new TokenStream(new Tokenizer(text))).next())
                .map(Statement.GateDefinition.class::cast);
    }
}
