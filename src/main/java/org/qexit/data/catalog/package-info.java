/** Data sets by name: descriptors, where they are looked for, how they are loaded, checked, cut and made. */
package org.qexit.data.catalog;
