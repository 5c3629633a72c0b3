/** Independent tasks, and where they are run: in this process, or in others that know only what a task set says. */
package org.qexit.common.task;
