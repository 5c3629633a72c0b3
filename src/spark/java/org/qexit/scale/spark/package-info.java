/** Work spread by Apache Spark; the only importer of it, compiled by the Maven profile "spark" alone. */
package org.qexit.scale.spark;
