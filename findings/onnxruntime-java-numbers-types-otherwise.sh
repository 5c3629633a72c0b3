#!/usr/bin/env bash
# ONNX Runtime for Java 1.28.0: TensorInfo.onnxType is an enum that bears the names of onnx.proto's tensor types, but its `value`s are numbers of its own:
# FLOAT is 10, which in onnx.proto (TensorProto.DataType) is FLOAT16, UINT8 is 1, there FLOAT; INT64 is 8, there STRING; INT32 and DOUBLE are the same in
# both by chance. Who compares the number with one that was read from a model, or writes it into one, takes floats for half floats, in silence.
# What one would do: compare by the enum's name, never by its value.
# Output seen: FLOAT 10 (1), UINT8 1 (2), INT8 2 (3), INT32 6 (6), INT64 8 (7), BOOL 13 (9), DOUBLE 11 (11)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/Finding.java" <<'JAVA'
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public class Finding {
    public static void main(String[] args) throws Exception {
        Map<String, Integer> proto = new LinkedHashMap<>();
        proto.put("FLOAT", 1);
        proto.put("UINT8", 2);
        proto.put("INT8", 3);
        proto.put("INT32", 6);
        proto.put("INT64", 7);
        proto.put("BOOL", 9);
        proto.put("DOUBLE", 11);
        List<String> seen = new ArrayList<>();
        proto.forEach((name, number) -> seen.add(name + " "
                + TensorInfo.OnnxTensorType.valueOf("ONNX_TENSOR_ELEMENT_DATA_TYPE_" + name).value + " (" + number + ")"));
        // What a tensor itself says of its type.
        try (OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), FloatBuffer.wrap(new float[2]), new long[] {2})) {
            System.err.println(tensor.getInfo().onnxType + " = " + tensor.getInfo().onnxType.value);
        }
        System.out.println(String.join(", ", seen));
    }
}
JAVA
mvn -q -B dependency:copy -Dartifact="com.microsoft.onnxruntime:onnxruntime:1.28.0" -DoutputDirectory="$folder/lib"
seen=$(ORT_DISABLE_TELEMETRY=1 java -cp "$folder/lib/*" "$folder/Finding.java")
echo "$seen"
test "$seen" = "FLOAT 10 (1), UINT8 1 (2), INT8 2 (3), INT32 6 (6), INT64 8 (7), BOOL 13 (9), DOUBLE 11 (11)"
