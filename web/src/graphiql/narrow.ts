const PHONE = matchMedia("(max-width: 760px)");
const STACKED = matchMedia("(max-width: 1000px)");

/** Whether a side panel would cover the page, as on a phone. */
export function isNarrow(): boolean {
  return PHONE.matches;
}

/** Whether editor and answer stand one above the other, and a panel leaves them little room. */
export function isStacked(): boolean {
  return STACKED.matches;
}
