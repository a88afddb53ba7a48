/**
 * Begins the keys that tell, for a text that is kept on this device, that some of it has not reached the server. The value
 * may hold the last letters, which the database of the browser may not have taken yet when the page goes.
 */
export const UNSENT = "pleniere:unsent:";

/** Begins the keys of forms that were sent without a network and wait on this device. */
export const OUTBOX = "pleniere:outbox:";
