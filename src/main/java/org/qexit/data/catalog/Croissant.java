package org.qexit.data.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.common.Json;

/**
 * A descriptor as Croissant metadata (MLCommons, version 1.1), JSON-LD that data set search engines and loaders read: what the set is, its
 * files with their hashes, its classes. How records lie in IDX files the format has no words for, so files are described, records are not.
 */
public final class Croissant {
    private static final String CONFORMS_TO = "http://mlcommons.org/croissant/1.1";
    private static final String CLASSES = "classes";

    private Croissant() {}

    public static String of(DatasetDescriptor descriptor) {
        Map<String, Object> set = new LinkedHashMap<>();
        set.put("@context", context());
        set.put("@type", "sc:Dataset");
        set.put("conformsTo", CONFORMS_TO);
        set.put("name", descriptor.name());
        set.put("description", descriptor.title() == null ? descriptor.name() : descriptor.title());
        put(set, "license", descriptor.licence());
        put(set, "url", descriptor.home());
        set.put(
                "distribution",
                descriptor.files().stream().map(file -> file(descriptor, file)).toList());
        if (descriptor.classNames() != null) {
            set.put("recordSet", List.of(classes(descriptor.classNames())));
        }
        return Json.pretty(set);
    }

    private static void put(Map<String, Object> map, String key, String value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    /** In this order, so that files are the same every time. */
    private static Map<String, Object> pair(String first, Object one, String second, Object other) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(first, one);
        map.put(second, other);
        return map;
    }

    /** The terms that the specification asks every file to name. */
    private static Map<String, Object> context() {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("@language", "en");
        context.put("@vocab", "https://schema.org/");
        context.put("sc", "https://schema.org/");
        context.put("cr", "http://mlcommons.org/croissant/");
        context.put("rai", "http://mlcommons.org/croissant/RAI/");
        context.put("dct", "http://purl.org/dc/terms/");
        context.put("conformsTo", "dct:conformsTo");
        for (String term : List.of(
                "citeAs",
                "column",
                "equivalentProperty",
                "extract",
                "field",
                "fileProperty",
                "fileObject",
                "fileSet",
                "format",
                "includes",
                "isLiveDataset",
                "jsonPath",
                "key",
                "md5",
                "parentField",
                "path",
                "recordSet",
                "references",
                "regex",
                "repeated",
                "replace",
                "separator",
                "source",
                "subField",
                "transform")) {
            context.put(term, "cr:" + term);
        }
        context.put("data", pair("@id", "cr:data", "@type", "@json"));
        context.put("dataType", pair("@id", "cr:dataType", "@type", "@vocab"));
        context.put("examples", pair("@id", "cr:examples", "@type", "@json"));
        return context;
    }

    private static Map<String, Object> file(DatasetDescriptor descriptor, DatasetDescriptor.DataFile file) {
        Map<String, Object> object = new LinkedHashMap<>();
        boolean folder = descriptor.format() == DatasetDescriptor.Format.IMAGES
                && file.role().name().endsWith("FOLDER");
        object.put("@type", folder ? "cr:FileSet" : "cr:FileObject");
        object.put("@id", file.name());
        object.put("name", file.name());
        object.put("description", file.role().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        if (folder) {
            object.put("encodingFormat", List.of("image/png", "image/jpeg"));
            object.put("includes", file.name() + "/**");
        } else {
            object.put("contentUrl", file.name());
            object.put("encodingFormat", encoding(descriptor.format(), file.name()));
            put(object, "sha256", file.sha256());
        }
        return object;
    }

    private static String encoding(DatasetDescriptor.Format format, String name) {
        if (name.endsWith(".gz")) {
            return "application/gzip";
        }
        return format == DatasetDescriptor.Format.CSV || name.endsWith(".csv")
                ? "text/csv"
                : "application/octet-stream";
    }

    /** An enumeration, its records in the file itself. */
    private static Map<String, Object> classes(List<String> names) {
        List<Map<String, Object>> records = new ArrayList<>();
        for (int id = 0; id < names.size(); id++) {
            records.add(pair(CLASSES + "/id", id, CLASSES + "/name", names.get(id)));
        }
        Map<String, Object> set = new LinkedHashMap<>();
        set.put("@type", "cr:RecordSet");
        set.put("@id", CLASSES);
        set.put("name", CLASSES);
        set.put("dataType", "sc:Enumeration");
        set.put("key", Map.of("@id", CLASSES + "/id"));
        set.put("field", List.of(field("id", "sc:Integer"), field("name", "sc:Text")));
        set.put("data", records);
        return set;
    }

    private static Map<String, Object> field(String name, String type) {
        Map<String, Object> field = new LinkedHashMap<>();
        field.put("@type", "cr:Field");
        field.put("@id", CLASSES + "/" + name);
        field.put("name", name);
        field.put("dataType", type);
        return field;
    }
}
