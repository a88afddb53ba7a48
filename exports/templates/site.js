"use strict";
(() => {
  const form = document.querySelector(".filtre");
  if (!form) return;
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const sheets = [...document.querySelectorAll("#temoignages .fiche")].map((sheet) => ({
    sheet,
    words: fold(sheet.textContent),
  }));
  const status = form.querySelector("[role=status]");
  const apply = () => {
    const wanted = fold(form.elements.mots.value).split(/\s+/).filter(Boolean);
    const { fate, theme, channel } = Object.fromEntries(
      ["fate", "theme", "channel"].map((name) => [name, form.elements[name] ? form.elements[name].value : ""]),
    );
    let count = 0;
    for (const { sheet, words } of sheets) {
      const shown =
        wanted.every((word) => words.includes(word)) &&
        (!fate || sheet.dataset.fates.split(" ").includes(fate)) &&
        (!theme || sheet.dataset.theme === theme) &&
        (!channel || sheet.dataset.channel === channel);
      sheet.hidden = !shown;
      count += shown ? 1 : 0;
    }
    status.textContent = `${count} ${count < 2 ? form.dataset.one : form.dataset.many}`;
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const sheet = target && target.closest(".fiche[hidden]");
    if (sheet) {
      form.reset();
      apply();
      target.scrollIntoView();
    }
    const folded = target && target.closest("details:not([open])");
    if (folded) folded.open = true;
  });
})();
