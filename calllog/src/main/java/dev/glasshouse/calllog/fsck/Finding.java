package dev.glasshouse.calllog.fsck;

import java.nio.file.Path;

/**
 * Something about a file of a host's directory.
 *
 * @param file where it is
 * @param damage whether the directory is not as a host left it; else only worth knowing
 * @param what what was found
 * @param loss what it means
 * @param remedy what to do about it
 */
public record Finding(Path file, boolean damage, String what, String loss, String remedy) {}
