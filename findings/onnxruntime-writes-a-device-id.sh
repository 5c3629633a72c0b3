#!/usr/bin/env bash
# ONNX Runtime for Java 1.29.0 on Linux: making an OrtEnvironment, before any model is loaded, writes a device identifier and an event database below the
# home folder's cache; 1.28.0 writes nothing. OrtEnvironment.setTelemetry(false) comes too late, as it needs the environment; only the environment
# variable ORT_DISABLE_TELEMETRY=1 of the process helps, which a library cannot set for its users.
# What one would do: stay with 1.28.0, or start every process with the variable, and test in a home of one's own.
# Output seen: 1.28.0: 0 files; 1.29.0: 2 files; 1.29.0 with setTelemetry(false): 2 files; 1.29.0 with ORT_DISABLE_TELEMETRY=1: 0 files
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/Finding.java" <<'JAVA'
import ai.onnxruntime.OrtEnvironment;

public class Finding {
    public static void main(String[] args) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        if (args.length > 0) {
            environment.setTelemetry(false);
        }
        Thread.sleep(1000);
    }
}
JAVA
for version in 1.28.0 1.29.0; do
  mvn -q -B dependency:copy -Dartifact="com.microsoft.onnxruntime:onnxruntime:$version" -DoutputDirectory="$folder/$version"
done
files() { # version, value of the variable, arguments
  home=$(mktemp -d "$folder/home.XXXX")
  env HOME="$home" XDG_CACHE_HOME="$home/.cache" ORT_DISABLE_TELEMETRY="$2" java -Duser.home="$home" -cp "$folder/$1/*" "$folder/Finding.java" ${3:-} >/dev/null 2>&1
  find "$home" -type f | wc -l
}
seen="1.28.0: $(files 1.28.0 '') files; 1.29.0: $(files 1.29.0 '') files; 1.29.0 with setTelemetry(false): $(files 1.29.0 '' off) files; 1.29.0 with ORT_DISABLE_TELEMETRY=1: $(files 1.29.0 1) files"
echo "$seen"
test "$seen" = "1.28.0: 0 files; 1.29.0: 2 files; 1.29.0 with setTelemetry(false): 2 files; 1.29.0 with ORT_DISABLE_TELEMETRY=1: 0 files"
