package org.qexit.tier.live.node;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The protocol's messages as its public description has them, read and written by protobuf itself. */
final class ProtocolMessages {
    private static final Descriptors.FileDescriptor FILE = file();

    private ProtocolMessages() {}

    private static Descriptors.FileDescriptor file() {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
                .setName("p.proto")
                .setSyntax("proto3")
                .setPackage("inference");
        for (String text : new String[] {
            "ServerLiveRequest",
            "ServerLiveResponse live:bool=1",
            "ServerReadyRequest",
            "ServerReadyResponse ready:bool=1",
            "ModelReadyRequest name:string=1 version:string=2",
            "ModelReadyResponse ready:bool=1",
            "ServerMetadataRequest",
            "ServerMetadataResponse name:string=1 version:string=2 extensions:string*=3",
            "ModelMetadataRequest name:string=1 version:string=2",
            "TensorMetadata name:string=1 datatype:string=2 shape:int64*=3",
            "ModelMetadataResponse name:string=1 versions:string*=2 platform:string=3 inputs:TensorMetadata*=4"
                    + " outputs:TensorMetadata*=5",
            "InferParameter bool_param:bool=1 int64_param:int64=2 string_param:string=3 double_param:double=4"
                    + " uint64_param:uint64=5",
            "Entry! key:string=1 value:InferParameter=2",
            "InferTensorContents bool_contents:bool*=1 int_contents:int32*=2 int64_contents:int64*=3"
                    + " uint_contents:uint32*=4 uint64_contents:uint64*=5 fp32_contents:float*=6"
                    + " fp64_contents:double*=7 bytes_contents:bytes*=8",
            "InferInputTensor name:string=1 datatype:string=2 shape:int64*=3 parameters:Entry*=4"
                    + " contents:InferTensorContents=5",
            "InferRequestedOutputTensor name:string=1 parameters:Entry*=2",
            "ModelInferRequest model_name:string=1 model_version:string=2 id:string=3 parameters:Entry*=4"
                    + " inputs:InferInputTensor*=5 outputs:InferRequestedOutputTensor*=6 raw_input_contents:bytes*=7",
            "ModelInferResponse model_name:string=1 model_version:string=2 id:string=3 parameters:Entry*=4"
                    + " outputs:InferInputTensor*=5 raw_output_contents:bytes*=6",
            "Duration seconds:int64=1 nanos:int32=2",
            "RetryInfo delay:Duration=1",
            "Any type_url:string=1 value:bytes=2",
            "Status code:int32=1 message:string=2 details:Any*=3"
        }) {
            file.addMessageType(message(text));
        }
        try {
            return Descriptors.FileDescriptor.buildFrom(file.build(), new Descriptors.FileDescriptor[0]);
        } catch (Descriptors.DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code Name field:type=number field:type*=number}. */
    private static DescriptorProto message(String text) {
        String[] parts = text.split(" ");
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(parts[0].replace("!", ""));
        if (parts[0].equals("InferParameter")) {
            message.addOneofDecl(OneofDescriptorProto.newBuilder().setName("parameter_choice"));
        }
        for (int i = 1; i < parts.length; i++) {
            String[] field = parts[i].split("[:=]");
            String type = field[1].replace("*", "");
            FieldDescriptorProto.Builder one = FieldDescriptorProto.newBuilder()
                    .setName(field[0])
                    .setNumber(Integer.parseInt(field[2]))
                    .setLabel(field[1].endsWith("*") ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
            if (Character.isUpperCase(type.charAt(0))) {
                one.setType(Type.TYPE_MESSAGE).setTypeName(".inference." + type);
            } else {
                one.setType(Type.valueOf("TYPE_" + type.toUpperCase(java.util.Locale.ROOT)));
            }
            if (parts[0].equals("InferParameter")) {
                one.setOneofIndex(0);
            }
            message.addField(one);
        }
        return message.build();
    }

    static DynamicMessage.Builder of(String name) {
        return DynamicMessage.newBuilder(FILE.findMessageTypeByName(name));
    }

    /** Sets a field, or adds to it if it is repeated. */
    static DynamicMessage.Builder put(DynamicMessage.Builder message, String field, Object value) {
        Descriptors.FieldDescriptor descriptor = message.getDescriptorForType().findFieldByName(field);
        return descriptor.isRepeated()
                ? message.addRepeatedField(descriptor, value)
                : message.setField(descriptor, value);
    }

    static DynamicMessage.Builder parameter(DynamicMessage.Builder message, String name, String kind, Object value) {
        return put(
                message,
                "parameters",
                put(
                                put(of("Entry"), "key", name),
                                "value",
                                put(of("InferParameter"), kind, value).build())
                        .build());
    }

    static Object get(DynamicMessage message, String field) {
        return message.getField(message.getDescriptorForType().findFieldByName(field));
    }

    static Object get(DynamicMessage message, String field, int index) {
        return message.getRepeatedField(message.getDescriptorForType().findFieldByName(field), index);
    }

    static DynamicMessage parse(String name, byte[] bytes) throws IOException {
        return DynamicMessage.parseFrom(FILE.findMessageTypeByName(name), bytes);
    }

    static MethodDescriptor<DynamicMessage, DynamicMessage> method(String name) {
        return MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("inference.GRPCInferenceService/" + name)
                .setRequestMarshaller(marshaller(name + "Request"))
                .setResponseMarshaller(marshaller(name + "Response"))
                .build();
    }

    private static MethodDescriptor.Marshaller<DynamicMessage> marshaller(String name) {
        return new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(DynamicMessage message) {
                return message.toByteString().newInput();
            }

            @Override
            public DynamicMessage parse(InputStream stream) {
                try {
                    return ProtocolMessages.parse(name, stream.readAllBytes());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }
}
