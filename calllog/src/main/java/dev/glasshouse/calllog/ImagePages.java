package dev.glasshouse.calllog;

import java.util.List;
import java.util.Map;

/**
 * The pages of linear memory that are kept with an image entry.
 *
 * @param pages the SHA-256 of each page, in order; one may stand in it often
 * @param fresh the bytes of the pages that the log may not have yet. Pages of the two newest images
 *     are never pruned, so what is not here may be taken to be there if it is in one of those
 */
public record ImagePages(List<Hash> pages, Map<Hash, byte[]> fresh) {}
