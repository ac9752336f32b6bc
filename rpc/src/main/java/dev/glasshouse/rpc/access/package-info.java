/**
 * Who may use a service: the callers whose keys are listed, as fast as they are allowed to, and the
 * web pages whose origin is the service's own. Everything here decides before the lock, and needs
 * no socket and no log.
 */
package dev.glasshouse.rpc.access;
