/**
 * A log's whole publication as files, docs/formats.md, section 13: writing them from a host or from
 * a stopped host's directory, keeping them up to date, and reading them. Nothing is written that
 * was not shown to belong to a signed checkpoint; the checkpoint itself is written last, so that
 * whatever is there when the power goes holds together, and the next copy goes on from it.
 */
package dev.glasshouse.rpc.mirror;
