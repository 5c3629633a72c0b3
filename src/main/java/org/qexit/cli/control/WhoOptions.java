package org.qexit.cli.control;

import org.qexit.common.UserError;
import org.qexit.tier.live.security.Role;
import picocli.CommandLine.Option;

/** One process of a deployment: its role and id. */
final class WhoOptions {
    @Option(names = "--device", paramLabel = "ID", description = "A device's.")
    private String device;

    @Option(names = "--node", paramLabel = "ID", description = "An edge node's.")
    private String node;

    @Option(names = "--cloud", paramLabel = "ID", description = "The cloud server's.")
    private String cloud;

    @Option(names = "--operator", paramLabel = "ID", description = "An operator's: a person or program.")
    private String operator;

    /** What the options say. */
    record Who(Role role, String id) {}

    boolean given() {
        return device != null || node != null || cloud != null || operator != null;
    }

    /** @throws UserError unless exactly one was given */
    Who who() {
        Who found = null;
        for (Role role : Role.values()) {
            String id = id(role);
            if (id != null && found != null) {
                throw new UserError(
                        "--" + found.role().word() + " and --" + role.word() + " are given; expected one of them");
            }
            found = id == null ? found : new Who(role, id);
        }
        if (found == null) {
            throw new UserError("nobody is named; expected --device, --node, --cloud or --operator");
        }
        return found;
    }

    private String id(Role role) {
        return switch (role) {
            case DEVICE -> device;
            case NODE -> node;
            case CLOUD -> cloud;
            case OPERATOR -> operator;
        };
    }
}
