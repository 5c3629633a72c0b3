package org.qexit.cli.serve;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Servers. */
@Command(
        name = "serve",
        description = "Serves what was planned and exported, until Ctrl-C or SIGTERM.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ServeNodeCommand.class, ServeCloudCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit serve en bundles/en --plan plan.json --node en1 --http-port 8080 --plain",
            "  qexit serve cs control --http-port 9443 --tls certificates/cloud-cs",
            "%nHow services are run, watched and updated: docs/operations.md",
        })
public final class ServeCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
