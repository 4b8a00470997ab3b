/** A link to a promoter's page, or to all promoters ("all"), with the present period and zone. */
import type { MouseEvent, ReactNode } from "react";
import { searchOf, useView } from "./view";

export function PromoterLink({ id, children }: { id: string; children: ReactNode }) {
  const { view, setView } = useView();
  const follow = (event: MouseEvent) => {
    // Another tab or window is the browser's business.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    setView({ promoter: id });
    scrollTo(0, 0);
  };
  return <a href={searchOf({ ...view, promoter: id })} onClick={follow}>{children}</a>;
}
