/** The {@code glass} command: wires everything, and is the only user of the standard streams. */
package dev.glasshouse.cli;
