package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Json;
import org.qexit.tier.live.security.Credentials;

class CertificatesCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.replace("PKI", folder.resolve("pki").toString()).split(" "));
    }

    private void refused(String line, String part) {
        assertEquals(2, run(line), out.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(part), err.toString());
    }

    @Test
    void aDeploymentFromFirstToLast() {
        refused("certificates list PKI", "qexit certificates init");
        refused("certificates init PKI --fleet a/b", "fleet is 'a/b'");
        assertEquals(0, run("certificates init PKI --fleet north"), err.toString());
        refused("certificates init PKI --fleet north", "holds an authority already");
        assertEquals(0, run("certificates issue PKI --device ue1 --level 2"), err.toString());
        assertEquals(
                0,
                run("certificates issue PKI --node en1 --level 1 --host en1.example.org --host ::1"),
                err.toString());
        assertEquals(0, run("certificates issue PKI --cloud cs --days 30 --json"), err.toString());
        assertEquals(
                "qexit://north/cloud/cs",
                Credentials.read(folder.resolve("pki/cloud-cs")).identity().toUri());
        refused("certificates issue PKI --device ue1", "level is missing");
        refused("certificates issue PKI --cloud cs --level 1", "level is 1; expected none");
        refused("certificates issue PKI --device ue1 --node en1 --level 1", "expected one of them");
        refused("certificates issue PKI --level 1", "nobody is named");
        refused("certificates issue PKI --device ue1 --level 1 --days 0", "days is 0");
        refused("certificates issue PKI --device ue1 --level 1 --host a", "hosts are 1; expected none");
        refused("certificates issue PKI --device ue1 --instance x.json", "--instance names all");
        refused("certificates revoke PKI --device ue9", "no certificate of device 'ue9'");
        refused("certificates revoke PKI --device ue1 --serial 1", "expected one of them");
        assertEquals(0, run("certificates revoke PKI --device ue1"), err.toString());
        assertEquals(0, run("certificates renew-list PKI"), err.toString());
        assertEquals(0, run("certificates list PKI --json"));
        List<?> listed = Json.parse("list", out.toString(), List.class);
        assertEquals(
                List.of("revoked", "valid", "valid"),
                listed.stream().map(one -> ((Map<?, ?>) one).get("state")).toList());
        assertEquals(0, run("certificates list PKI"));
        assertTrue(out.toString().contains("qexit://north/node/en1?level=1"), out.toString());
    }

    @Test
    void aWholeFleetAtOnce() {
        assertEquals(0, run("certificates init PKI --fleet north"), err.toString());
        assertEquals(
                0,
                run("certificates issue PKI --json --instance src/test/resources/allocation/n4m2s1.json"),
                err.toString());
        assertEquals(6, Json.parse("issued", out.toString(), List.class).size());
    }
}
