/** The longest message that a host is listened to for. */
export const MAX_MESSAGE = 64 * 2 ** 20
