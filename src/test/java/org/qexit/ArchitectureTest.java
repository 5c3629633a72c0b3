package org.qexit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.tier.EmissionMonitor;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;
import org.qexit.trace.Thresholds;

/** Who may import whom, and where each third-party library enters. */
class ArchitectureTest {
    private static JavaClasses qexit;

    @BeforeAll
    static void importClasses() {
        qexit = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.qexit");
    }

    @ParameterizedTest
    @CsvSource({
        "common, ''",
        "quantum, common",
        "data, common",
        "trace, common",
        "edge, common",
        "simulation, common",
        "threshold, common trace",
        "engine, common quantum",
        "nn, common engine quantum data trace",
        "allocation, common edge threshold trace",
        "scale, common edge threshold trace allocation",
        "onnx, common",
        "bundle, common onnx trace",
        "device, common engine onnx bundle trace",
        "export, common onnx bundle nn quantum trace threshold allocation",
        "tier, common device bundle onnx allocation edge threshold trace nn data simulation",
        "experiment, common nn engine quantum data trace threshold allocation edge onnx bundle export device tier simulation",
    })
    void packageImportsOnlyWhatItMay(String name, String allowed) {
        String[] others = Arrays.stream(
                        ("common quantum data trace edge threshold engine nn allocation scale onnx bundle device export tier"
                                        + " simulation experiment cli")
                                .split(" "))
                .filter(p ->
                        !p.equals(name) && !Arrays.asList(allowed.split(" ")).contains(p))
                .map(p -> "org.qexit." + p + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("org.qexit." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(qexit);
    }

    @Test
    void topPackagesHaveNoCycles() {
        slices().matching("org.qexit.(*)..").should().beFreeOfCycles().check(qexit);
    }

    /** The rooms of a package and its root, each a slice of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"cli", "data", "experiment", "nn", "quantum", "simulation", "tier"})
    void roomsHaveNoCycles(String name) {
        slices().matching("org.qexit.(**)")
                .should()
                .beFreeOfCycles()
                .check(qexit.that(resideInAPackage("org.qexit." + name + "..")));
    }

    /** The root of {@code data} holds the nouns that its rooms share, and knows none of them. */
    @Test
    void nounsOfDataKnowNoRoom() {
        noClasses()
                .that()
                .resideInAPackage("org.qexit.data")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.qexit.data.*..")
                .check(qexit);
    }

    @ParameterizedTest
    @CsvSource({
        "org.deeplearning4j.., nn",
        "org.nd4j.., nn",
        "org.redfx.., quantum.strange",
        "org.ojalgo.., allocation.benders",
        "org.duckdb.., trace",
        "com.fasterxml.jackson.databind.., common",
        "org.snakeyaml.., common",
        "me.tongfei.., common",
        "com.google.protobuf.., onnx tier.live.grpc",
        "org.eclipse.jetty.., tier.live.http",
        "io.grpc.., tier.live.grpc",
        "io.prometheus.., tier.live",
        "ai.onnxruntime.., onnx",
        "org.bouncycastle.., tier.live.authority",
        "org.apache.spark.., scale.spark",
        "org.apache.hadoop.., scale.spark",
        "org.apache.parquet.., scale.spark",
        "picocli.., cli",
        "jdk.incubator.vector.., quantum.statevector.vector engine.vector",
    })
    void libraryEntersAtOnePackage(String library, String homes) {
        String[] allowed = Stream.concat(
                        Arrays.stream(homes.split(" ")).map(home -> "org.qexit." + home + ".."),
                        Stream.of("org.nd4j.."))
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(qexit);
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "check, ''",
        "problem, ''",
        "search, problem",
        "benders, problem search",
        "energy, problem search",
        "plan, problem search check",
        "infeasible, problem search check plan",
        "fleet, problem",
        "method, problem search check plan infeasible benders energy",
    })
    void roomOfAllocationImportsOnlyWhatItMay(String room, String allowed) {
        String[] others = Arrays.stream("check problem search benders energy plan infeasible fleet method".split(" "))
                .filter(r ->
                        !r.equals(room) && !Arrays.asList(allowed.split(" ")).contains(r))
                .map(r -> "org.qexit.allocation." + r + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(room.isEmpty() ? "org.qexit.allocation" : "org.qexit.allocation." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(qexit);
    }

    @Test
    void roomsOfAllocationHaveNoCycles() {
        slices().matching("org.qexit.allocation.(*)..")
                .should()
                .beFreeOfCycles()
                .check(qexit);
    }

    /** Others plan through {@code method.Planner} and check through {@code check.PlanCheck}. */
    @Test
    void innerRoomsOfAllocationAreItsOwn() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.qexit.allocation..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Arrays.stream("problem search benders energy plan infeasible".split(" "))
                        .map(room -> "org.qexit.allocation." + room + "..")
                        .toArray(String[]::new))
                .check(qexit);
    }

    /** Records of traces may pass; their counting, and all that the search or the projection uses, may not. */
    @Test
    void theCheckSharesNoCodeWithTheSearch() {
        classes()
                .that()
                .resideInAPackage("org.qexit.allocation.check..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "org.qexit.allocation",
                                "org.qexit.allocation.check..",
                                "org.qexit.common..",
                                "org.qexit.edge..",
                                "java..")
                        .or(equivalentTo(DeviceTrace.class))
                        .or(equivalentTo(Thresholds.class))
                        .or(equivalentTo(ExitThresholds.class))
                        .or(equivalentTo(Rule.class))
                        .or(equivalentTo(RuleKind.class)))
                .check(qexit);
    }

    /** What runs on devices: Java, ONNX Runtime behind {@code onnx}, and what is on devices of ours. */
    @Test
    void aDeviceNeedsNoHeavyLibrary() {
        classes()
                .that()
                .resideInAnyPackage(
                        "org.qexit.tier.live.device..", "org.qexit.tier.live.journal..", "org.qexit.tier.live.report..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java..",
                                "javax.net.ssl..",
                                "com.fasterxml.jackson.annotation..",
                                "org.qexit.common..",
                                "org.qexit.bundle..",
                                "org.qexit.device..",
                                "org.qexit.trace..",
                                "org.qexit.tier.live.control..",
                                "org.qexit.tier.live.device..",
                                "org.qexit.tier.live.inference..",
                                "org.qexit.tier.live.journal..",
                                "org.qexit.tier.live.report..",
                                "org.qexit.tier.live.security..")
                        .or(equivalentTo(EmissionMonitor.class))
                        .or(equivalentTo(EmissionMonitor.Alarm.class))
                        .or(equivalentTo(EmissionMonitor.State.class)))
                .check(qexit);
    }

    /** The server's rules know no model, no clock, no socket and no simulation: of that package only the random streams. */
    @Test
    void theRulesOfTheCloudServerArePure() {
        noClasses()
                .that()
                .resideInAPackage("org.qexit.tier.cloud..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.time..", "java.net..", "org.qexit.nn..", "org.qexit.data..", "org.qexit.simulation.*..")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(qexit);
    }

    @Test
    void nothingIsDeserialisedFromJavaObjects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .check(qexit);
    }

    @Test
    void randomnessComesFromNamedStreamsOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .callMethod(Math.class, "random")
                .check(qexit);
    }

    /**
     * Digits and letters are the same everywhere: in a Persian or Turkish place, too, files are named and numbers written as in all others.
     */
    @Test
    void noTextDependsOnTheLocale() {
        noClasses()
                .should()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(PrintStream.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "toLowerCase")
                .orShould()
                .callMethod(String.class, "toUpperCase")
                .check(qexit);
    }

    @Test
    void standardStreamsBelongToTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.qexit.cli..", "org.qexit.common..")
                .should()
                .accessField(System.class, "out")
                .check(qexit);
    }

    @Test
    void publicClassesHaveNoVagueNames() {
        classes()
                .should()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils")
                .check(qexit);
    }
}
