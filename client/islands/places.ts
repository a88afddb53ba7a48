import { type Place, PlaceField } from "../shared/places";

/** Asks the address that the field names for suggestions. */
function asking(address: string) {
  return async (typed: string, signal: AbortSignal): Promise<Place[]> => {
    const answer = await fetch(`${address}?${new URLSearchParams({ q: typed })}`, { signal });
    if (!answer.ok) return [];
    const { items } = (await answer.json()) as { items: Place[] };
    return items;
  };
}

for (const field of document.querySelectorAll<HTMLInputElement>("input[data-places]"))
  new PlaceField(field, asking(field.dataset["places"] ?? ""));
