/** A term with what it means: shown while the pointer or the keyboard is on it, closed by Escape. */
import { type KeyboardEvent, useId, useState } from "react";

export function Definition({ term, text }: { term: string; text: string | undefined }) {
  const id = useId();
  const [isDismissed, setDismissed] = useState(false);
  if (!text) return <span className="definition">{term}</span>;
  const dismiss = ({ key }: KeyboardEvent) => {
    if (key === "Escape") setDismissed(true);
  };
  return (
    <span className="definition" data-dismissed={isDismissed || undefined} onPointerLeave={() => setDismissed(false)}>
      <button type="button" aria-describedby={id} onKeyDown={dismiss} onBlur={() => setDismissed(false)}>
        {term}
      </button>
      <span role="tooltip" id={id}>{text}</span>
    </span>
  );
}
