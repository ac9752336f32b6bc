package dev.glasshouse.vm.sandbox;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Runs each test's body on a {@link V8Thread}, which alone may open a sandbox. */
public final class OnV8Thread implements InvocationInterceptor {
  @Override
  public void interceptTestMethod(
      Invocation<Void> body, ReflectiveInvocationContext<Method> method, ExtensionContext context)
      throws Throwable {
    run(body);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> body, ReflectiveInvocationContext<Method> method, ExtensionContext context)
      throws Throwable {
    run(body);
  }

  private static void run(Invocation<Void> body) throws Throwable {
    Throwable[] thrown = new Throwable[1];
    Thread thread =
        V8Thread.create(
            "test",
            () -> {
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
