/** A stand-in for one class that DL4J looks up by name; see there. */
package org.nd4j.nativeblas;
