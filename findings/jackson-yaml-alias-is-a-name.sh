#!/usr/bin/env bash
# jackson-dataformat-yaml 2.22.4 (with snakeyaml as it brings it): an alias of a scalar is read as the *name of its anchor*, in silence.
# YAML 1.2.2, 7.1: an alias node stands for the node of its anchor. `model: *m` with `name: &m tiny` is "tiny" to every other reader; Jackson gives "m",
# as text, to records and trees alike, since it uses anchors for its own object ids. A number's alias is a text that is no number.
# `010` is eight to it (YAML 1.1), ten by YAML 1.2.
# What one would do: read configurations with a parser of YAML 1.2 and give Jackson the tree.
# Output seen: alias=m number=n octal=8
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
<dependencies><dependency><groupId>com.fasterxml.jackson.dataformat</groupId><artifactId>jackson-dataformat-yaml</artifactId><version>2.22.4</version></dependency></dependencies>
</project>
POM
mvn -q -B -f "$folder/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/lib"
cat >"$folder/Finding.java" <<'JAVA'
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

public class Finding {
    public static void main(String[] args) throws Exception {
        JsonNode tree = new YAMLMapper().readTree("name: &m tiny\nmodel: *m\nseed: &n 3\nepochs: *n\noctal: 010\n");
        System.out.println("alias=" + tree.get("model").asText() + " number=" + tree.get("epochs").asText() + " octal=" + tree.get("octal").asInt());
    }
}
JAVA
seen=$(java -cp "$folder/lib/*" "$folder/Finding.java")
echo "$seen"
test "$seen" = "alias=m number=n octal=8"
