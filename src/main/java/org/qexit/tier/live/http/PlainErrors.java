package org.qexit.tier.live.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What is said of requests that are no HTTP: one line of JSON, without a word of what came. */
final class PlainErrors implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        HttpReply reply = HttpReply.error(status, String.valueOf(HttpStatus.getMessage(status)));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.contentType());
        // The connection ends with it, which its next user must know.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        response.write(true, ByteBuffer.wrap(reply.body()), callback);
        return true;
    }
}
