/**
 * Looks at the directory of a host that is stopped, whole, and says what is damaged, what that
 * means and what to do. Nothing is changed and nothing is executed: whether the entries are what
 * the calls come to, {@code glass verify} finds out.
 */
package dev.glasshouse.calllog.fsck;
