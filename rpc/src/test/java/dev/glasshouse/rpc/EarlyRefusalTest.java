package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.StoredLog;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.store.MemoryStore;
import dev.glasshouse.calllog.store.Store;
import dev.glasshouse.calllog.store.StoreException;
import dev.glasshouse.rpc.access.CallerRules;
import dev.glasshouse.rpc.witness.WitnessHttp;
import dev.glasshouse.vm.Console;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A number that is refused because a later one was used stays refused: nobody is told so before
 * that later one is durable. Found by the simulation.
 */
@Timeout(60)
class EarlyRefusalTest {
  @TempDir private Path dir;

  private final Signer signer = new Signer(1);
  private final BlockingQueue<Boolean> syncs = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> begun = new LinkedBlockingQueue<>();
  private final Store memory = new MemoryStore();
  private HostedModule module;

  // The database of a disk that does nothing before the test says how it goes.
  private final Store store =
      (Store)
          Proxy.newProxyInstance(
              Store.class.getClassLoader(),
              new Class<?>[] {Store.class},
              (self, method, arguments) -> {
                if (method.getName().equals("close")) {
                  return null;
                }
                if (method.getName().equals("commit")) {
                  begun.add(begun.size());
                  if (!syncs.take()) {
                    throw new StoreException("no space left on device");
                  }
                }
                try {
                  return method.invoke(memory, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });

  private final class SlowDisk implements Machine {
    @Override
    public CallLog open(Path path, Identity host) {
      return StoredLog.open(path, store, host, System::nanoTime);
    }

    @Override
    public void startModule(String name, Runnable body) {
      REAL.startModule(name, body);
    }

    @Override
    public void start(String name, Runnable body) {
      REAL.start(name, body);
    }

    @Override
    public TaskThread startTasks(String name) {
      return REAL.startTasks(name);
    }

    @Override
    public WitnessHttp witnesses() {
      return REAL.witnesses();
    }

    @Override
    public Lock lock() {
      return REAL.lock();
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
      return REAL.await(future);
    }

    @Override
    public <T> T await(CompletableFuture<T> future, long millis) throws TimeoutException {
      return REAL.await(future, millis);
    }

    @Override
    public long nanoTime() {
      return REAL.nanoTime();
    }
  }

  @BeforeEach
  void start() throws Exception {
    syncs.add(true);
    module =
        HostedModule.start(
            dir,
            signer.identity,
            List.of(new Script("test.js", Script.Kind.COMMONJS, "exports.one = () => 1")),
            new ModuleSettings("Test", false),
            new HostEnvironment(
                V8Engine.instance(),
                new FakeOutside(),
                Console.NONE,
                () -> HostSetup.FIRST_TIME,
                new SecureRandom()),
            Runnable::run,
            new SlowDisk());
    begun.clear();
  }

  @AfterEach
  void stop() {
    for (int i = 0; i < 10; i++) {
      syncs.add(true);
    }
    module.close();
  }

  // Two calls at once, which the module's thread does not make durable itself.
  private CompletableFuture<Answer> call(long number) {
    MethodCall one = new MethodCall("one", "[]");
    String request = signer.request(module.log().id(), number, TreeHead.EMPTY, one, one);
    return module.submit(this, signer.sign(request), request, CallerRules.NONE);
  }

  private static CallRefused.Reason refusal(CompletableFuture<Answer> future) {
    CompletionException e = assertThrows(CompletionException.class, future::join);
    return ((CallRefused) e.getCause()).reason();
  }

  @Test
  void isTheLastWordOnceTheLaterCallIsDurable() throws Exception {
    CompletableFuture<Answer> later = call(2);
    begun.take();
    CompletableFuture<Answer> earlier = call(1);
    // Behind it in the queue, and refused at once.
    String elsewhere = signer.request(Hash.ZERO, 3, "one", "[]");
    assertEquals(
        CallRefused.Reason.WRONG_LOG,
        refusal(module.submit(this, signer.sign(elsewhere), elsewhere, CallerRules.NONE)));
    assertFalse(earlier.isDone());
    syncs.add(true);
    assertEquals(2, later.join().outcomes().size());
    assertEquals(CallRefused.Reason.USED_NUMBER, refusal(earlier));
  }

  @Test
  void isNoneIfTheLaterCallIsLost() throws Exception {
    CompletableFuture<Answer> later = call(2);
    begun.take();
    CompletableFuture<Answer> earlier = call(1);
    syncs.add(false);
    assertEquals(CallRefused.Reason.STOPPED, refusal(later));
    assertEquals(CallRefused.Reason.STOPPED, refusal(earlier));
    syncs.add(true);
    CompletableFuture<Answer> again = call(1);
    // It may come before the host has noticed.
    while (again.handle((done, e) -> e != null).join()) {
      assertEquals(CallRefused.Reason.STOPPED, refusal(again));
      again = call(1);
    }
    assertEquals(2, again.join().outcomes().size());
  }
}
