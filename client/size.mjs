// Measures what each island costs on the wire (brotli), with everything it imports, against its budget. What every page
// has by `base` is counted there alone.
import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

const folder = new URL("../server/static/", import.meta.url);
const kilobyte = 1000;
const budgets = {
  editor: 156,
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

/** Every chunk that an entry can load: at once or, with `later`, when somebody asks for what is in it. */
function closure(key, later = true, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  const { imports = [], dynamicImports = [] } = manifest[key];
  for (const next of [...imports, ...(later ? dynamicImports : [])]) closure(next, later, seen);
  return seen;
}

/**
 * What whole pages run: their own island and what every page has; the screen of the hall has no `base`. `budget` is for
 * what is loaded with the page, `all` for that and what is loaded when it is asked for.
 */
const pages = {
  "public page": { islands: ["base", "live"], budget: 11, all: 11 },
  "screen page": { islands: ["screen", "live"], budget: 6, all: 6 },
  "edit page": { islands: ["editor", "base", "live"], budget: 158, all: 165 },
  "amend page": { islands: ["amend", "base", "live"], budget: 150, all: 150 },
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
for (const [name, { islands, budget, all }] of Object.entries(pages)) {
  const keys = (later) => new Set(islands.flatMap((island) => [...closure(keyOf(island), later)]));
  report(name, costOf(keys(false)), budget);
  report("  in all", costOf(keys(true)), all);
}
process.exit(failed ? 1 : 0);
