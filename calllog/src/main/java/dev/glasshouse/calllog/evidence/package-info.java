/**
 * What can be held against a host: a file with bytes that the log's key signed and that contradict
 * each other or a public rule, and the judgement over such a file, which needs nothing else.
 *
 * <p>{@link dev.glasshouse.calllog.evidence.Accusation} writes evidence, {@link
 * dev.glasshouse.calllog.evidence.Evidence} is its form, {@link
 * dev.glasshouse.calllog.evidence.EvidenceJudge} believes nothing of it but what the key signed.
 * docs/formats.md has the form and the rules for those who judge with other tools.
 */
package dev.glasshouse.calllog.evidence;
