package org.qexit.experiment.report;

import java.util.List;
import org.qexit.common.Checks;

/**
 * Where devices and nodes stand.
 *
 * @param nodes in the order that charts show
 * @param devices in the order that charts show
 */
public record Cell(List<NodeRow> nodes, List<DeviceRow> devices) {
    public Cell {
        nodes = List.copyOf(nodes);
        devices = List.copyOf(devices);
    }

    /** An edge node; security level 1 is the highest. Compute is in offloaded events per period. */
    public record NodeRow(
            String id, double xMetres, double yMetres, int securityLevel, double bandwidthHz, double computeUnits) {
        public NodeRow {
            Checks.notBlank("nodes.id", id);
            ReportData.finite("nodes.xMetres", xMetres);
            ReportData.finite("nodes.yMetres", yMetres);
            Checks.nonNegative("nodes.bandwidthHz", bandwidthHz);
            Checks.nonNegative("nodes.computeUnits", computeUnits);
        }
    }

    /** A device; it may use nodes whose security level is not above its own in number. */
    public record DeviceRow(String id, double xMetres, double yMetres, int securityLevel) {
        public DeviceRow {
            Checks.notBlank("devices.id", id);
            ReportData.finite("devices.xMetres", xMetres);
            ReportData.finite("devices.yMetres", yMetres);
        }
    }
}
