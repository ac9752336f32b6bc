package dev.glasshouse.vm.sandbox;

/** The guest's way out of the sandbox: every host function it can reach, in one method. */
public interface HostCalls {
  /**
   * Answers one host call.
   *
   * @param op which function
   * @param text its first argument as UTF-8
   * @param body its second argument, empty if there is none
   * @param fork true when an oracle's function asks from inside a fork
   */
  HostReply answer(HostOp op, String text, byte[] body, boolean fork);
}
