/** Pixels between two cards. */
export const GAP = 10;

/**
 * Tops of cards that should be at `wanted` and must not overlap; the card with index `fixed`, if any, is exactly there.
 */
export function stacked(wanted: readonly number[], heights: readonly number[], fixed: number): number[] {
  const tops: number[] = [];
  wanted.forEach((top, i) => {
    const least = i ? (tops[i - 1] as number) + (heights[i - 1] as number) + GAP : 0;
    tops.push(i === fixed ? Math.max(0, top) : Number.isFinite(top) ? Math.max(top, least) : least);
  });
  for (let i = fixed - 1; i >= 0; i -= 1) {
    tops[i] = Math.min(tops[i] as number, (tops[i + 1] as number) - (heights[i] as number) - GAP);
  }
  return tops;
}
