package dev.glasshouse.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 14: what is withheld or cannot be had is no finding, and no verification either. */
final class WithholdingSourceTest {
  /** Answers all but what is named. */
  private static final class Withholding extends ChangedSource {
    private final Predicate<String> withheld;

    Withholding(LogReader log, Predicate<String> withheld) {
      super(log);
      this.withheld = withheld;
    }

    private void ask(String name) {
      if (withheld.test(name)) {
        throw new UnreachableException("no answer for " + name);
      }
    }

    @Override
    public byte[] checkpoint() {
      ask("checkpoint");
      return super.checkpoint();
    }

    @Override
    public List<byte[]> entries(long from, long size) {
      ask("entries " + from);
      return super.entries(from, size);
    }

    @Override
    public List<Hash> tile(Tile tile) {
      ask(tile.path());
      return super.tile(tile);
    }

    @Override
    public byte[] blob(Hash sha256) {
      ask("blob " + sha256);
      return super.blob(sha256);
    }

    @Override
    public List<String> directory(String path, Optional<Hash> root) {
      ask("directory " + path);
      return super.directory(path, root);
    }

    @Override
    public byte[] file(String path, Optional<Hash> root) {
      ask("file " + path);
      return super.file(path, root);
    }
  }

  static Stream<Arguments> withheld() {
    Hash script = Hash.of(Story.SOURCE);
    PublishedLog unsigned = Story.unsigned();
    return Stream.of(
        Arguments.of("all", without(name -> true), "no answer for checkpoint"),
        Arguments.of("all entries", without("entries 0"), "no answer for entries 0"),
        Arguments.of("tiles", without("tile/0/000.p/18"), "no answer for tile/0/000.p/18"),
        Arguments.of("the root's listing", without("directory /"), "no answer for directory /"),
        Arguments.of(
            "a directory's listing", without("directory /notes/"), "for directory /notes/"),
        Arguments.of("a file", without("file /top.txt"), "no answer for file /top.txt"),
        Arguments.of("the script", without("blob " + script), "no answer for blob " + script),
        Arguments.of("all blobs", without(name -> name.startsWith("blob")), "no answer for blob"),
        Arguments.of("a second bundle", later("entries 256"), "no answer for entries 256"),
        Arguments.of("a second tile", later("tile/0/001"), "no answer for tile/0/001"),
        Arguments.of("a tile above", later("tile/1/000.p/2"), "no answer for tile/1/000.p/2"),
        Arguments.of("a request's blob", lacking("request", Story.LENGTH), "is missing"),
        Arguments.of("a blob of outcomes", lacking("outcomes", Story.MANY), "is missing"),
        Arguments.of("the blobs, cleanly", withoutBlobs(), "blob " + script + " is missing"),
        Arguments.of("entries, by answering none", noEntries(0), "withholds entry 0"),
        Arguments.of("later entries, by answering none", noEntries(256), "withholds entry 256"),
        Arguments.of("entries it signed", tooLong(), "the source does not have entry"),
        Arguments.of("a whole log", empty(), "an empty log"),
        Arguments.of(
            "an entry of a later kind",
            Story.signed().lie(Story.WORK, entry -> entry.put("kind", "update")),
            "entry 12: entry kind \"update\" is unknown"),
        Arguments.of(
            "an entry of a later version",
            Story.signed().lie(Story.WORK, entry -> entry.put("v", 2L)),
            "entry 12: entry version 2 is unknown"),
        Arguments.of(
            "a log of a later version",
            unsigned.copy().lie(0, genesis -> genesis.put("v", 2L)),
            "entry version 2 is unknown"),
        Arguments.of(
            "row 21: an interpreter that this build has not",
            Story.signed()
                .lie(0, entry -> entry.put("interpreter", reference("interpreter", 637_405))),
            "Use the build that made the log."),
        Arguments.of(
            "row 21: a bootstrap script that this build has not",
            Story.signed().lie(0, entry -> entry.put("bootstrap", reference("bootstrap", 20_060))),
            "Use the build that made the log."));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withheld")
  void isUndecided(String what, LogReader log, String obstacle) {
    Audits.requireUndecided(log, what, obstacle);
  }

  @Test
  void whatWasCheckedBeforeIsStillReported() {
    Report report =
        Audits.requireUndecided(lacking("request", Story.LENGTH), "a request's blob", "is missing");

    assertEquals(Story.signed().id(), report.log());
    assertEquals(Story.LENGTH, report.counts().entries());
    assertEquals(Story.LENGTH - 1, report.counts().signatures());
    assertNull(report.divergence());
  }

  @Test
  void whatIsWithheldLaterHidesNoLie() {
    PublishedLog log = lacking("request", Story.LENGTH);
    Lie.of(
            "an outcome before a withheld request",
            log.lie(
                Story.ADD,
                entry ->
                    PublishedLog.object(PublishedLog.list(entry.get("outcomes")).get(0))
                        .put("ok", "2")),
            Kind.OUTCOME,
            Story.ADD,
            "add",
            "\"ok\":\"1\"",
            "\"ok\":\"2\"")
        .mustBeFound();
  }

  @Test
  void aLaterLieDoesNotDecideAboutWhatIsWithheld() {
    PublishedLog log = lacking("request", Story.LENGTH);
    log.entries.set(Story.LAST, "no entry".getBytes(UTF_8));

    Audits.requireUndecided(log.retile().sign(), "a request before a lie", "is missing");
  }

  @Test
  void tilesWithheldHideNoWrongRoot() {
    PublishedLog honest = Story.signed();
    String origin = (String) honest.entry(0).get("origin");
    PublishedLog log =
        Story.signed().sign(HonestLog.HOST, origin, new TreeHead(18, Hash.of("root")));
    Lie.of(
            "a wrong root over withheld tiles",
            new Withholding(log, name -> name.startsWith("tile")),
            Kind.TREE,
            18,
            null,
            "root " + honest.head().root(),
            "the signed root " + Hash.of("root"))
        .mustBeFound();
  }

  @Test
  void tilesThatAreNoneHideNoWrongRoot() {
    PublishedLog honest = Story.signed();
    String origin = (String) honest.entry(0).get("origin");
    PublishedLog log =
        Story.signed().sign(HonestLog.HOST, origin, new TreeHead(18, Hash.of("root")));
    LogReader noTiles =
        new ChangedSource(log) {
          @Override
          public List<Hash> tile(Tile tile) {
            return tile.decode(new byte[1]);
          }
        };
    Lie.of(
            "a wrong root over tiles that are none",
            noTiles,
            Kind.TREE,
            18,
            null,
            "root " + honest.head().root(),
            "the signed root " + Hash.of("root"))
        .mustBeFound();
  }

  @Test
  void aSourceThatFailsAtAnyMomentIsNeverAccused() {
    int[] asked = {0};
    Audits.requireVerified(
        new Withholding(
            Story.signed(),
            name -> {
              asked[0]++;
              return false;
            }),
        "all answered");
    int all = asked[0];
    for (int answered = 0; answered < all; answered++) {
      int last = answered;
      asked[0] = 0;
      Report report =
          Audits.audit(
              new Withholding(Story.signed(), name -> asked[0]++ >= last), Expectations.NONE);
      assertEquals(Verdict.UNDECIDED, report.verdict(), () -> last + " answers: " + report);
    }
  }

  private static LogReader without(Predicate<String> withheld) {
    return new Withholding(Story.signed(), withheld);
  }

  private static LogReader without(String name) {
    return without(name::equals);
  }

  private static LogReader later(String name) {
    return new Withholding(Story.manyEntries(), name::equals);
  }

  private static PublishedLog lacking(String member, int index) {
    PublishedLog log = Story.signed();
    Object reference = log.entry(index).get(member);
    log.blobs.remove(Hash.parseHex((String) PublishedLog.object(reference).get("sha256")));
    return log;
  }

  private static PublishedLog withoutBlobs() {
    PublishedLog log = Story.signed();
    log.blobs.clear();
    return log;
  }

  private static LogReader noEntries(long index) {
    return new ChangedSource(Story.manyEntries()) {
      @Override
      public List<byte[]> entries(long from, long size) {
        return from == index ? List.of() : super.entries(from, size);
      }
    };
  }

  private static PublishedLog tooLong() {
    PublishedLog log = Story.signed();
    String origin = (String) log.entry(0).get("origin");
    return log.sign(HonestLog.HOST, origin, new TreeHead(1L << 40, Hash.of("root")));
  }

  private static PublishedLog empty() {
    PublishedLog log = Story.signed();
    String origin = (String) log.entry(0).get("origin");
    return log.sign(HonestLog.HOST, origin, TreeHead.EMPTY);
  }

  private static Map<String, Object> reference(String content, long length) {
    Map<String, Object> reference = new TreeMap<>();
    reference.put("len", length);
    reference.put("sha256", Hash.of("another " + content).hex());
    return reference;
  }
}
