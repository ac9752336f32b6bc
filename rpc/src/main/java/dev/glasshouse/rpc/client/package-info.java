/**
 * The caller's end: signs calls, verifies every receipt, and keeps the newest checkpoint of each
 * log so that a host which forks or rolls back its history is caught. Also reads a published log
 * over HTTP.
 */
package dev.glasshouse.rpc.client;
