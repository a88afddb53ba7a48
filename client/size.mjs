// Measures what each island costs on the wire (brotli), with everything it imports, against its budget.
import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

const folder = new URL("../server/static/", import.meta.url);
const kilobyte = 1000;
const budgets = { editor: 150, map: 110, base: 6, live: 3, vote: 4, testimony: 3, verify: 7, styles: 20 };

const manifest = JSON.parse(readFileSync(new URL("manifest.json", folder), "utf8"));
const cost = (file) => brotliCompressSync(readFileSync(new URL(file, folder))).length;

/** Every chunk that an entry can load, whether at once or later. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of [...(manifest[key].imports ?? []), ...(manifest[key].dynamicImports ?? [])]) closure(next, seen);
  return seen;
}

let failed = false;
for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isEntry) continue;
  const budget = budgets[chunk.name] * kilobyte;
  const total = [...closure(key)].reduce((sum, each) => sum + cost(manifest[each].file), 0);
  const over = !(total <= budget);
  failed ||= over;
  console.log(`${chunk.name.padEnd(10)} ${(total / kilobyte).toFixed(1).padStart(6)} kB of ${budgets[chunk.name]} kB${over ? "  OVER" : ""}`);
}
// The editing page loads base as well.
process.exit(failed ? 1 : 0);
