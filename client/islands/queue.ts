import { QueueKeys } from "../organisation/queuekeys";

const queue = document.querySelector<HTMLElement>("[data-island=queue]");
if (queue) new QueueKeys(queue).listen();
