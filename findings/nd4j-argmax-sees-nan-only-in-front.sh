#!/usr/bin/env bash
# ND4J 1.0.0-M2.1: whether argMax sees a NaN depends on where it stands. In [NaN, 1, 3] it names the NaN (0), in [1, NaN, 3] the largest number (2), and
# maxNumber and minNumber skip NaN in either place, where a sum keeps it. NumPy names the NaN in all of them. A diverged network's classes are so
# "predicted" from whatever numbers are left, and no maximum tells that there was a NaN.
# What one would do: ask `isNaN().any()` before argMax.
# Output seen: [NaN, 1, 3]: argMax 0, max 3.0, min 1.0, sum NaN; [1, NaN, 3]: argMax 2, max 3.0, min 1.0, sum NaN
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.nd4j</groupId><artifactId>nd4j-native</artifactId><version>1.0.0-M2.1</version></dependency>
<dependency><groupId>org.nd4j</groupId><artifactId>nd4j-native</artifactId><version>1.0.0-M2.1</version><classifier>linux-x86_64</classifier></dependency>
<dependency><groupId>org.bytedeco</groupId><artifactId>openblas</artifactId><version>0.3.19-1.5.7</version><classifier>linux-x86_64</classifier></dependency>
<dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.7</version><classifier>linux-x86_64</classifier></dependency>
</dependencies></project>
POM
mvn -q -B -f "$folder/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/lib" >/dev/null
cat >"$folder/Finding.java" <<'JAVA'
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

public class Finding {
    static String told(INDArray array) {
        return "argMax " + Nd4j.argMax(array).getInt() + ", max " + array.maxNumber() + ", min " + array.minNumber() + ", sum " + array.sumNumber();
    }

    public static void main(String[] args) {
        System.out.println("[NaN, 1, 3]: " + told(Nd4j.createFromArray(Float.NaN, 1f, 3f))
                + "; [1, NaN, 3]: " + told(Nd4j.createFromArray(1f, Float.NaN, 3f)));
    }
}
JAVA
seen=$(java -Djavacpp.cache.dir="$folder/cache" -cp "$folder/lib/*" "$folder/Finding.java" 2>/dev/null | tail -n 1)
echo "$seen"
test "$seen" = "[NaN, 1, 3]: argMax 0, max 3.0, min 1.0, sum NaN; [1, NaN, 3]: argMax 2, max 3.0, min 1.0, sum NaN"
