/**
 * The project test262's own tests of ECMAScript, run inside the sandbox by the rules of its
 * INTERPRETING.md.
 *
 * <p>What counts is that every engine gives each case the same outcome, fuel and heap; that a case
 * passes says something of the interpreter, not of the engines. {@code bench/test262.sh} compares.
 */
package dev.glasshouse.vm.test262;
