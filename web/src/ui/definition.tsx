/** A term with what it means: shown while the pointer or the keyboard is on it, closed by Escape. */
import { type CSSProperties, type ReactNode, useId, useRef } from "react";
import "./definition.css";

export function Definition({ term, text }: { term: ReactNode; text: string | undefined }) {
  const { around, button, explanation } = useDefinition(text);
  if (!text) return <span className="definition">{term}</span>;
  return (
    <span className="definition" {...around}>
      <button type="button" {...button}>{term}</button>
      {explanation}
    </span>
  );
}

/** For a button that does more than to explain, such as a heading that sorts: what it and the element around it need. */
export function useDefinition(text: string | undefined) {
  const id = useId();
  const popover = useRef<HTMLSpanElement>(null);
  const show = () => void popover.current?.togglePopover(true);
  const hide = () => void popover.current?.togglePopover(false);
  const anchor = `--${id.replace(/\W/g, "")}`;
  return {
    around: { onPointerEnter: show, onPointerLeave: hide },
    // Not every browser gives a button the focus when it is touched.
    button: { "aria-describedby": text ? id : undefined, onFocus: show, onBlur: hide, onClick: show, style: { anchorName: anchor } as CSSProperties },
    explanation: text && <span role="tooltip" popover="auto" id={id} ref={popover} style={{ positionAnchor: anchor } as CSSProperties}>{text}</span>,
  };
}
