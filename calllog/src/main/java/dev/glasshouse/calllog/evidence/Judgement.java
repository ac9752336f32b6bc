package dev.glasshouse.calllog.evidence;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.NoteKey;

/**
 * What a file of evidence proves.
 *
 * @param proved whether bytes that the log's key signed contradict each other or a public rule
 * @param sentence what is proved, or why it is not
 * @param log the log's id as far as the file shows it, or null if it does not
 * @param key origin and key of the log whose id that is, or null
 */
public record Judgement(boolean proved, String sentence, Hash log, NoteKey key) {}
