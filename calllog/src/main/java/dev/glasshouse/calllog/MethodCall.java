package dev.glasshouse.calllog;

/**
 * One call of a method, as its caller wrote it.
 *
 * @param method the exported name
 * @param params a JSON array, its text untouched
 */
public record MethodCall(String method, String params) {
  /** Characters of a method's name. */
  public static final int MAX_METHOD = 256;
}
