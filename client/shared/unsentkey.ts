/**
 * Prefix of the keys which say that a text stored on this device has parts that the server lacks. The value may be the
 * last update, which the database may not have stored when the page was closed.
 */
export const UNSENT = "pleniere:unsent:";

/** Prefix of the keys of forms that were sent without a network and wait on this device. */
export const OUTBOX = "pleniere:outbox:";
