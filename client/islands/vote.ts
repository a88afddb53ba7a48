import { enhance } from "../vote/ballot";
import { Hall } from "../vote/hall";

enhance(document);
const hall = document.querySelector<HTMLElement>("[data-island=booth]");
const news = document.querySelector<HTMLElement>("[data-live=vote]");
if (hall && news) new Hall(hall, news);
