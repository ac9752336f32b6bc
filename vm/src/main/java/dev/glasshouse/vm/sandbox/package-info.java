/**
 * The deterministic sandbox: QuickJS-ng compiled to WebAssembly, behind one coarse seam.
 *
 * <p>{@link dev.glasshouse.vm.sandbox.Sandbox} is a running guest; {@link
 * dev.glasshouse.vm.sandbox.SandboxEngine} starts one. Bytes go in, bytes come out, and whatever
 * the guest asks for meanwhile goes through {@link dev.glasshouse.vm.sandbox.HostCalls}, which is
 * written once for all engines. The same bytes and the same answers give the same heap, byte for
 * byte, on every engine and machine.
 */
package dev.glasshouse.vm.sandbox;
