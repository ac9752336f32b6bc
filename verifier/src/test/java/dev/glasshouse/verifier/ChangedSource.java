package dev.glasshouse.verifier;

import dev.glasshouse.calllog.ForwardingLogReader;
import dev.glasshouse.calllog.LogReader;

/** A source that answers as a published log does; its kinds differ in one thing. */
abstract class ChangedSource extends ForwardingLogReader {
  ChangedSource(LogReader log) {
    super(log);
  }
}
