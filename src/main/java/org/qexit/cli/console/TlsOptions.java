package org.qexit.cli.console;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.qexit.common.UserError;
import org.qexit.tier.live.security.Credentials;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Who a process is and whom it trusts: alike in every command that talks over the network. */
public final class TlsOptions {
    @Option(
            names = "--tls",
            paramLabel = "DIR",
            description =
                    "Certificate and key, as qexit certificates issue makes them: cert.pem, key.pem, ca.pem, crl.pem.")
    private Path directory;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Or one by one: the certificate chain, PEM.")
    private Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its key, PEM of PKCS #8.")
    private Path key;

    @Option(names = "--tls-ca", paramLabel = "FILE", description = "The authority's certificate, PEM.")
    private Path authority;

    @Option(names = "--tls-crl", paramLabel = "FILE", description = "The authority's revocation list, PEM.")
    private Path revocations;

    @Option(names = "--plain", description = "Without TLS and certificates: for this machine alone.")
    private boolean plain;

    @Spec(Spec.Target.MIXEE)
    private picocli.CommandLine.Model.CommandSpec spec;

    /**
     * What was given; empty with {@code --plain}. Tells warnings, and what {@code --plain} means, on standard error.
     *
     * @throws UserError if neither or both were given, or a part of the files
     */
    public Optional<Credentials> credentials() {
        boolean files = certificate != null || key != null || authority != null || revocations != null;
        int ways = (directory == null ? 0 : 1) + (files ? 1 : 0) + (plain ? 1 : 0);
        if (ways != 1) {
            throw new UserError((ways == 0
                            ? "neither --tls nor --plain is given"
                            : "several of --tls, --tls-cert and --plain are given")
                    + "; expected --tls DIR, or --tls-cert, --tls-key and --tls-ca, or --plain");
        }
        PrintWriter err = spec.commandLine().getErr();
        if (plain) {
            err.println("note: --plain: no TLS and no certificates, for this machine alone");
            err.flush();
            return Optional.empty();
        }
        Credentials read = directory == null ? ofFiles() : Credentials.read(directory);
        read.warnings().forEach(err::println);
        err.flush();
        return Optional.of(read);
    }

    private Credentials ofFiles() {
        if (certificate == null || key == null || authority == null) {
            String missing = certificate == null ? "--tls-cert" : key == null ? "--tls-key" : "--tls-ca";
            throw new UserError(missing + " is missing; expected --tls-cert, --tls-key and --tls-ca together");
        }
        return Credentials.read(certificate, key, authority, revocations);
    }
}
