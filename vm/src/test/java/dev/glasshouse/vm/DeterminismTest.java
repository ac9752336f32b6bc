package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A log comes to the same bytes and the same heap in processes that have little in common. */
class DeterminismTest {
  private static Process start(Map<String, String> environment, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), ReplayPrinter.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static List<String> lines(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), out);
    return out.lines().toList();
  }

  @Test
  void everyProcessComesToTheSame() throws Exception {
    Process plain = start(Map.of("TZ", "UTC", "LC_ALL", "C"));
    Process other =
        start(
            Map.of("TZ", "Pacific/Chatham", "LC_ALL", "tr_TR.UTF-8"),
            "-Duser.timezone=America/St_Johns",
            "-Duser.language=tr",
            "-Duser.country=TR",
            "-Dfile.encoding=ISO-8859-9",
            "-Xmx160m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1");
    List<String> expected = lines(plain);
    assertTrue(expected.size() > 12, expected.toString());
    assertEquals(expected, lines(other));
    List<String> hashes = expected.subList(expected.size() - 3, expected.size());
    assertEquals(hashes.get(0).substring(5), hashes.get(1).substring(5), "replayed and live heap");
  }
}
