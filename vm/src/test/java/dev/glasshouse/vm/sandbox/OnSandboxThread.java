package dev.glasshouse.vm.sandbox;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test's body on a {@link SandboxThread}, which alone may open a sandbox. The engine
 * there is V8, or what the class around the test names by {@link OnEngine}.
 */
public final class OnSandboxThread implements InvocationInterceptor {
  private static final ThreadLocal<SandboxEngine> ENGINE =
      ThreadLocal.withInitial(V8Engine::instance);

  /** The engine that the running test is about. */
  static SandboxEngine engine() {
    return ENGINE.get();
  }

  /** The engine that guests of the running test are opened on from now on. */
  static void use(SandboxEngine engine) {
    ENGINE.set(engine);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> body, ReflectiveInvocationContext<Method> method, ExtensionContext context)
      throws Throwable {
    run(body, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> body, ReflectiveInvocationContext<Method> method, ExtensionContext context)
      throws Throwable {
    run(body, context);
  }

  private static void run(Invocation<Void> body, ExtensionContext context) throws Throwable {
    Class<?> around = context.getRequiredTestClass().getEnclosingClass();
    OnEngine named = around == null ? null : around.getAnnotation(OnEngine.class);
    Throwable[] thrown = new Throwable[1];
    Thread thread =
        SandboxThread.create(
            "test",
            () -> {
              if (named != null) {
                use(Engines.named(named.value()));
              }
              try {
                body.proceed();
              } catch (Throwable e) {
                thrown[0] = e;
              }
            });
    thread.start();
    thread.join();
    if (thrown[0] != null) {
      throw thrown[0];
    }
  }
}
