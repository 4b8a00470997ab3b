const NARROW = matchMedia("(max-width: 760px)");

/** Whether a side panel would cover the page, as on a phone. */
export function isNarrow(): boolean {
  return NARROW.matches;
}
