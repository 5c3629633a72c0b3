/** The formats that examples are read from: IDX, CSV, folders of images, WFDB records, and gzip around them. */
package org.qexit.data.formats;
