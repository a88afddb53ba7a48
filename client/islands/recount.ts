import { Recounting } from "../vote/recounting";

const account = document.querySelector<HTMLElement>("[data-island=recount]");
if (account) new Recounting(account);
