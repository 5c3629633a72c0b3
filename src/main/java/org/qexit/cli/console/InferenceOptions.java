package org.qexit.cli.console;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.BundleSignature;
import org.qexit.common.UserError;
import org.qexit.data.events.EventFiles;
import org.qexit.data.events.EventFormat;
import org.qexit.data.events.EventLines;
import org.qexit.data.events.EventQueue;
import org.qexit.data.events.EventSource;
import org.qexit.device.Backend;
import org.qexit.device.EdgeRuntime;
import org.qexit.device.NodeRuntime;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which bundle, which device, which events: what inferring and timing it share. */
public final class InferenceOptions {
    @Parameters(paramLabel = "BUNDLE", description = "A bundle: a directory or a zip file.")
    private Path bundle;

    @Option(
            names = "--device",
            paramLabel = "ID",
            description = "Whose thresholds to use; not for an edge node's bundle, which has one pair.")
    private String device;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description =
                    "PNG or JPEG images or folders of them, IDX arrays, CSV rows, JSON arrays or base64 by line; - is"
                            + " standard input, one event per line.")
    private List<Path> inputs;

    @Mixin
    private FormatOptions how;

    @Option(names = "--key", paramLabel = "PEM", description = "Refuse the bundle unless this public key signed it.")
    private Path key;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "auto",
            description =
                    "What runs the stages: engine (Java alone, the fastest), onnxruntime, or auto (${DEFAULT-VALUE}): the engine where it"
                            + " runs the bundle and this JVM has the Vector API, else ONNX Runtime.")
    private Backend backend;

    @Option(
            names = "--threads",
            defaultValue = "1",
            description = "Of ONNX Runtime (${DEFAULT-VALUE}); more than one ask for it.")
    private int threads;

    /** The bundle, whose signature is right if a key was given. */
    public Bundle bundle() {
        Bundle opened = Bundle.open(bundle);
        if (key != null) {
            opened.verifySignature(BundleSignature.readPublicKey(key));
        }
        return opened;
    }

    public EdgeRuntime open() {
        return open(bundle());
    }

    /** @throws UserError if no device was named */
    public EdgeRuntime open(Bundle opened) {
        opened.checkForDevice();
        if (device == null) {
            throw new UserError("--device is missing; expected one of: "
                    + String.join(", ", opened.devices().stream().limit(12).toList()));
        }
        try {
            return EdgeRuntime.open(opened, opened.device(device).thresholds(), backend, threads);
        } catch (IllegalArgumentException e) {
            throw new UserError("--threads: " + e.getMessage(), e);
        }
    }

    public String device() {
        return device;
    }

    /** @throws UserError if a device was named, or events cannot be read from files */
    public NodeRuntime openNode(Bundle opened) {
        if (device != null) {
            throw new UserError(
                    "--device is '" + device + "' but " + bundle + " is an edge node's bundle, which has no devices");
        }
        if (opened.node().payload().unbounded()) {
            throw new UserError(bundle
                    + ": takes features of 32 bits, which no file of events holds. Maybe verify it: qexit verify");
        }
        return NodeRuntime.open(opened, backend);
    }

    public EventSource events(EdgeRuntime runtime, InputStream standardInput, AtomicBoolean stop) {
        return events(runtime.input(), standardInput, stop);
    }

    /** The events of --input, of this shape. */
    public EventSource events(BundleManifest.Input shape, InputStream standardInput, AtomicBoolean stop) {
        EventFormat format = how.format(shape);
        Path dash = Path.of("-");
        if (inputs.contains(dash)) {
            if (inputs.size() > 1) {
                throw new UserError("--input: - stands alone; found " + inputs.size() + " inputs");
            }
            return new EventQueue(EventLines.of("input", standardInput, format), stop::get);
        }
        return EventFiles.of(format, inputs);
    }
}
