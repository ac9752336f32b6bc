package dev.glasshouse.vm.sandbox;

import java.util.List;
import java.util.function.ToLongFunction;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.ImportValues;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/** What {@code quickjs.wasm} imports: the way to the host, and the little of WASI that it links. */
final class EndiveImports {
  private static final String ENV = "env";
  private static final String WASI = "wasi_snapshot_preview1";
  private static final ValType I32 = ValType.I32;
  private static final ValType I64 = ValType.I64;
  private static final long BAD_DESCRIPTOR = 8; // WASI's errno badf
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final byte ZERO = 0;

  private EndiveImports() {}

  static ImportValues of(EndiveMachine machine) {
    return ImportValues.builder()
        .addFunction(
            function(
                ENV,
                "host_call",
                a -> machine.hostCalls().call((int) a[3], (int) a[4]),
                I32,
                I32,
                I32,
                I32,
                I32),
            function(ENV, "host_interrupt", a -> machine.fuel().poll()),
            new HostFunction(
                ENV,
                "host_promise_rejection",
                FunctionType.of(List.of(I32, I32, I32), List.of()),
                (instance, a) -> {
                  machine.forgetRejection((int) a[0], (int) a[1]);
                  return null;
                }),
            function(
                ENV,
                "host_module_normalize",
                a -> machine.hostCalls().resolve((int) a[0], (int) a[1]),
                I32,
                I32),
            function(
                ENV,
                "host_module_load",
                a -> machine.hostCalls().source((int) a[0], (int) a[1]),
                I32,
                I32),
            function(ENV, "host_get_timezone_offset", a -> 0, I32, I32),
            function(WASI, "clock_time_get", a -> time(machine, (int) a[2]), I32, I64, I32),
            function(WASI, "random_get", a -> zeros(machine, (int) a[0], (int) a[1]), I32, I32),
            function(WASI, "fd_write", a -> BAD_DESCRIPTOR, I32, I32, I32, I32),
            function(WASI, "fd_close", a -> BAD_DESCRIPTOR, I32),
            function(WASI, "fd_fdstat_get", a -> BAD_DESCRIPTOR, I32, I32),
            function(WASI, "fd_seek", a -> BAD_DESCRIPTOR, I32, I64, I32, I32))
        .build();
  }

  private static long time(EndiveMachine machine, int at) {
    machine.memory().writeLong(at, machine.now() * NANOS_PER_MILLI);
    return 0;
  }

  // Entropy that is part of the log comes from the host, when a script asks for it.
  private static long zeros(EndiveMachine machine, int at, int length) {
    machine.memory().fill(ZERO, at, at + length);
    return 0;
  }

  private static ImportFunction function(
      String module, String name, ToLongFunction<long[]> body, ValType... parameters) {
    return new HostFunction(
        module,
        name,
        FunctionType.of(List.of(parameters), List.of(I32)),
        (instance, arguments) -> new long[] {body.applyAsLong(arguments)});
  }
}
