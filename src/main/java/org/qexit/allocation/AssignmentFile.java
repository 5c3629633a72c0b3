package org.qexit.allocation;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.qexit.common.UserError;

/**
 * Reads which node serves which device from the CSV file of any tool: a header {@code device,node}, then one pair a line. Ids that hold
 * commas or quotation marks stand in quotation marks, which are doubled inside; other columns are an error, blank lines are not.
 */
public final class AssignmentFile {
    private static final String HEADER = "device,node";

    private AssignmentFile() {}

    /**
     * @param fleet whose devices and nodes the file may name
     * @return node id by device id, in the file's order
     * @throws UserError with file and line if the file cannot be read, names what the fleet does not have, or a device twice
     */
    public static Map<String, String> read(Path file, Instance fleet) {
        Set<String> devices = new HashSet<>();
        Set<String> nodes = new HashSet<>();
        fleet.devices().forEach(device -> devices.add(device.id()));
        fleet.nodes().forEach(node -> nodes.add(node.id()));
        Map<String, String> nodeOf = new LinkedHashMap<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String header = reader.readLine();
            if (header == null || !plain(header).equals(HEADER)) {
                throw new UserError(file + ":1: the header is '" + shortened(header) + "'; expected " + HEADER);
            }
            int number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                String where = file + ":" + number + ": ";
                String[] pair = pair(line, where);
                if (!devices.contains(pair[0])) {
                    throw new UserError(where + "the fleet has no device '" + shortened(pair[0]) + "'");
                }
                if (!nodes.contains(pair[1])) {
                    throw new UserError(where + "the fleet has no node '" + shortened(pair[1]) + "'");
                }
                if (nodeOf.put(pair[0], pair[1]) != null) {
                    throw new UserError(where + "device " + pair[0] + " is listed twice");
                }
            }
        } catch (NoSuchFileException e) {
            throw new UserError(file + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new UserError(file + ": not a text file in UTF-8", e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        if (nodeOf.isEmpty()) {
            throw new UserError(file + ": it places no device; expected lines such as "
                    + fleet.devices().get(0).id() + "," + fleet.nodes().get(0).id());
        }
        return nodeOf;
    }

    /** Without the byte order mark of spreadsheets, and without blanks. */
    private static String plain(String header) {
        String text = header.startsWith("\uFEFF") ? header.substring(1) : header;
        return text.replace(" ", "").replace("\"", "");
    }

    private static String[] pair(String line, String where) {
        StringBuilder[] fields = {new StringBuilder(), new StringBuilder()};
        int field = 0;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                fields[field].append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                if (++field == 2) {
                    throw new UserError(where + "more than two fields; expected " + HEADER);
                }
            } else {
                fields[field].append(c);
            }
        }
        if (quoted || field != 1) {
            throw new UserError(where + "'" + shortened(line) + "' is not a pair; expected " + HEADER);
        }
        return new String[] {fields[0].toString().strip(), fields[1].toString().strip()};
    }

    private static String shortened(String text) {
        return text == null ? "" : text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
