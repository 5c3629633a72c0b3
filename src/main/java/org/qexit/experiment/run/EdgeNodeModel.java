package org.qexit.experiment.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.qexit.common.Provenance;
import org.qexit.common.Version;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.streams.DeviceStream;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ExitCost;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.node.EdgeRole;
import org.qexit.nn.node.PayloadEncoder;
import org.qexit.nn.node.PayloadKind;
import org.qexit.nn.store.StoredModel;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.EventOrigins;
import org.qexit.trace.TraceMetadata;

/** A trained edge node's model with what devices send it: images in, class probabilities out. Used by one thread at a time. */
public final class EdgeNodeModel {
    private final EarlyExitModel network;
    private final EdgeRole role;
    private final PayloadEncoder encoder;
    private final ModelConfig seeing;

    private EdgeNodeModel(EarlyExitModel network, EdgeRole role, PayloadEncoder encoder, ModelConfig seeing) {
        this.seeing = seeing;
        this.network = network;
        this.role = role;
        this.encoder = encoder;
    }

    /**
     * @param stored an edge node's
     * @param device the model of the devices that send features, or null
     * @throws org.qexit.common.UserError if it is trained behind another model
     */
    public static EdgeNodeModel of(StoredModel stored, StoredModel device) {
        PayloadEncoder encoder = PayloadEncoder.of(
                stored.edgeNode().payload(),
                device == null ? null : device.model(),
                device == null ? null : device.parametersSha256());
        boolean features = stored.edgeNode().payload().kind() == PayloadKind.FEATURES;
        ModelConfig seeing = (features ? device : stored).model().config();
        return new EdgeNodeModel(stored.model(), stored.edgeNode(), encoder, seeing);
    }

    /** What its exits say of a device's events, numbered from 0. */
    ClassTrace trace(String device, LabelledSet events) {
        return network.classTrace(device, encoder.encode(events), EventOrigins.of(events.classes(), events.indices()));
    }

    /** Traces of all devices. */
    List<ClassTrace> traces(RunData images, DeviceStream.Part part) {
        return images.devices().stream()
                .map(stream -> trace(stream.device(), stream.part(part)))
                .toList();
    }

    TraceMetadata metadata(DeviceStream.Part part, Provenance provenance) {
        List<TraceMetadata.CumulativeCost> costs = ExitCost.of(network.config()).stream()
                .map(cost -> new TraceMetadata.CumulativeCost(cost.macs(), cost.memoryAccesses(), cost.parameters()))
                .toList();
        return TraceMetadata.of(network.config().name(), network.sha256(), costs, part.word(), provenance)
                .withClasses(new TraceMetadata.Classes(
                        network.config().classes(),
                        role.critical(),
                        role.payload().words()));
    }

    /**
     * Records what it says of the events of all devices, drawn as a run would draw them.
     *
     * @param file .parquet or .csv
     * @return number of devices
     */
    public int trace(RunData images, DeviceStream.Part part, Path file) {
        Dataset seen = images.fitting(seeing).test();
        Provenance provenance =
                new Provenance(Version.current(), images.random().seed(), null, Map.of(seen.name(), seen.sha256()));
        List<ClassTrace> traces = traces(images, part);
        ClassTrace.write(file, traces, metadata(part, provenance));
        return traces.size();
    }
}
