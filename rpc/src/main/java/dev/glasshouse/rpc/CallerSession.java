package dev.glasshouse.rpc;

import dev.glasshouse.calllog.PublicKey;

/** A session of a caller who signs: what its calls are numbered in. */
record CallerSession(PublicKey key, String id) {
  /** One call of a session; a log has it once. */
  record Call(CallerSession session, long n) {}
}
