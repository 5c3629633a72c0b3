#!/usr/bin/env bash
# ND4J 1.0.0-M2.1: INDArray.equals is true for arrays whose elements differ by less than 1e-5, of float and of double, and absolutely, so that 1e-7 equals
# 9e-6. hashCode differs for them, which is against the contract of both: a HashSet holds two "equal" arrays, and assertEquals in a test
# passes on confidences and thresholds that decide otherwise. Elementwise eq compares exactly.
# What one would do: compare `a.eq(b).all()`, or Java arrays.
# Output seen: float: equals true, same hash false, eq false; double: equals true, same hash false, eq false; in a HashSet: 2
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
import java.util.HashSet;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

public class Finding {
    static String compared(INDArray a, INDArray b) {
        return "equals " + a.equals(b) + ", same hash " + (a.hashCode() == b.hashCode()) + ", eq " + a.eq(b).all();
    }

    public static void main(String[] args) {
        INDArray floats = Nd4j.createFromArray(1e-7f, 0.5f);
        INDArray others = Nd4j.createFromArray(9e-6f, 0.500009f);
        System.out.println("float: " + compared(floats, others)
                + "; double: " + compared(Nd4j.createFromArray(1e-7, 0.5), Nd4j.createFromArray(9e-6, 0.500009))
                + "; in a HashSet: " + new HashSet<>(List.of(floats, others)).size());
    }
}
JAVA
seen=$(java -Djavacpp.cache.dir="$folder/cache" -cp "$folder/lib/*" "$folder/Finding.java" 2>/dev/null | tail -n 1)
echo "$seen"
test "$seen" = "float: equals true, same hash false, eq false; double: equals true, same hash false, eq false; in a HashSet: 2"
