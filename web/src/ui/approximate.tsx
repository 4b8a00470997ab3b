/** Marks what webhooks do not tell all of; the definition beside it says what is missing. */
export function Approximate() {
  return <span className="approximate"><span aria-hidden="true">≈</span><span className="visually-hidden">approximately</span></span>;
}
