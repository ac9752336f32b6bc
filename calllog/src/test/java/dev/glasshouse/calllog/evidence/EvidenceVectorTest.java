package dev.glasshouse.calllog.evidence;

import static dev.glasshouse.calllog.VectorFile.objects;
import static dev.glasshouse.calllog.VectorFile.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.VectorFile;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The files of docs/vectors/evidence.json, by the judge and, of forks, by another one. */
class EvidenceVectorTest {
  private final Map<String, Object> file = VectorFile.read("evidence.json");

  @Test
  void everyFileProvesWhatItSays() throws GeneralSecurityException {
    int proved = 0;
    for (Map<String, Object> each : objects(file.get("judged"))) {
      byte[] bytes = utf8((String) each.get("text"));
      Judgement judgement = EvidenceJudge.judge(bytes, null);
      assertEquals(each.get("proved"), judgement.proved(), judgement.sentence());
      assertEquals(each.get("sentence"), judgement.sentence());
      if (Evidence.parse(bytes).claim() != Evidence.Claim.ENTRY) {
        assertEquals(each.get("proved"), SecondJudge.proves(bytes), judgement.sentence());
      }
      proved += judgement.proved() ? 1 : 0;
    }
    assertEquals(12, proved);
  }

  @Test
  void nothingElseIsRead() {
    for (Map<String, Object> each : objects(file.get("malformed"))) {
      assertThrows(
          MalformedException.class,
          () -> Evidence.parse(utf8((String) each.get("text"))),
          (String) each.get("reason"));
    }
  }
}
