package dev.glasshouse.vm;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.vm.sandbox.SandboxThread;
import dev.glasshouse.vm.sandbox.Script;

/** Makes a small log, replays it and prints every hash, for the eyes of another process. */
final class ReplayPrinter {
  private static final String SOURCE =
      "const fs = System.files; const seen = [];exports.numbers = () => [0.1 + 0.2, Math.sin(1e6),"
          + " Math.pow(1.1, 77), Math.exp(-3.3), 1 / 3, 1e300 * 10, (123.456).toFixed(10),"
          + " (255).toString(7), parseFloat('1.7976931348623157e308')];exports.dates = () => [new"
          + " Date(2024, 6, 1, 12).toString(), new Date().toLocaleString(), new Date(2024, 0,"
          + " 1).getTimezoneOffset(), new Date('2024-03-31T02:30').getTime()];exports.texts = () =>"
          + " ['I'.toLowerCase(), 'i'.toUpperCase(), 'ß'.toUpperCase(), 'ÅÄ'.normalize('NFD'),"
          + " (1234567.5).toLocaleString(), ['b', 'ä', 'a', 'Z'].sort(),"
          + " 'a'.localeCompare('B')];exports.random = () => { seen.push(Math.random()); return"
          + " seen };exports.oracle = () => System.oracle(() => seen.length);exports.recurse = ()"
          + " => { let d = 0; const f = () => { d++; f() }; try { f() } catch (e) { return [d,"
          + " e.message] } };exports.memory = () => { const a = []; try { for (;;) a.push(new"
          + " Array(1e4).fill(1)) } catch (e) { return [a.length, e.message] } };exports.loop = ()"
          + " => { for (;;) {} };exports.nan = () => new Uint8Array(new Float64Array([0 / 0, -(0 /"
          + " 0), Math.sqrt(-1)]).buffer);exports.write = async n => { for (let i = 0; i < n; i++)"
          + " await fs.writeFile(`/${i % 3}/ä${i}`, 'x'.repeat(i)) };exports.list = () =>"
          + " fs.readdir('/', { recursive: true });";
  private static final String[] METHODS = {
    "numbers", "dates", "texts", "random", "oracle", "recurse", "memory", "loop", "nan", "write",
    "list", "random",
  };

  private ReplayPrinter() {}

  public static void main(String[] args) throws InterruptedException {
    Thread thread = SandboxThread.create("replay", ReplayPrinter::print);
    thread.start();
    thread.join();
  }

  private static void print() {
    Limits small =
        new Limits(50, 16L << 20, 900_000, 4L << 20, 4L << 20, 8L << 20, 64L << 20, 10_000, 10_000);
    try (Recording host = Recording.of(new Script("log.js", Script.Kind.COMMONJS, SOURCE), small)) {
      for (String method : METHODS) {
        host.call(method, "20");
      }
      Recording.Replayed replayed = host.replay();
      StringBuilder out = new StringBuilder();
      for (byte[] entry : replayed.entries()) {
        out.append(Hash.of(entry)).append('\n');
      }
      out.append("heap ").append(replayed.heap()).append('\n');
      out.append("live ").append(host.heapHash()).append('\n');
      out.append("root ").append(replayed.root()).append('\n');
      System.out.print(out);
    } catch (ScriptException e) {
      throw new IllegalStateException(e);
    }
  }
}
