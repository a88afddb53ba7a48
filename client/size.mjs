// Measures what each island costs on the wire (brotli), with everything it imports, against its budget. What every page
// has by `base` is counted there alone.
import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

const folder = new URL("../server/static/", import.meta.url);
const kilobyte = 1000;
const budgets = {
  editor: 149,
  amend: 147,
  map: 110,
  base: 9,
  live: 3,
  chair: 2,
  queue: 1,
  screen: 2,
  vote: 5,
  recount: 3,
  testimony: 12,
  places: 3,
  verify: 7,
  history: 3,
  words: 3,
  offline: 1,
  styles: 20,
};

const manifest = JSON.parse(readFileSync(new URL("manifest.json", folder), "utf8"));
const cost = (file) => brotliCompressSync(readFileSync(new URL(file, folder))).length;

/** Every chunk that an entry can load, whether at once or later. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of [...(manifest[key].imports ?? []), ...(manifest[key].dynamicImports ?? [])]) closure(next, seen);
  return seen;
}

/** What whole pages run: their own island and what every page has; the screen of the hall has no `base`. */
const pages = {
  "public page": { islands: ["base", "live"], budget: 11 },
  "screen page": { islands: ["screen", "live"], budget: 6 },
  "edit page": { islands: ["editor", "base", "live"], budget: 156 },
  "amend page": { islands: ["amend", "base", "live"], budget: 150 },
};

const entries = Object.entries(manifest).filter(([, chunk]) => chunk.isEntry);
const keyOf = (name) => entries.find(([, chunk]) => chunk.name === name)[0];
const costOf = (keys) => [...keys].reduce((sum, each) => sum + cost(manifest[each].file), 0);

let failed = false;

function report(name, total, budget) {
  const over = !(total <= budget * kilobyte);
  failed ||= over;
  console.log(
    `${name.padEnd(10)} ${(total / kilobyte).toFixed(1).padStart(6)} kB of ${budget} kB${over ? "  OVER" : ""}`,
  );
}

const everywhere = closure(keyOf("base"));

for (const [key, chunk] of entries) {
  const own = chunk.name === "base" ? [...everywhere] : [...closure(key)].filter((each) => !everywhere.has(each));
  report(chunk.name, costOf(own), budgets[chunk.name]);
}
for (const [name, { islands, budget }] of Object.entries(pages)) {
  const keys = new Set(islands.flatMap((island) => [...closure(keyOf(island))]));
  report(name, costOf(keys), budget);
}
process.exit(failed ? 1 : 0);
