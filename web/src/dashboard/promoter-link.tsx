/** A link to a promoter's page, to all promoters ("all"), or to the overview (null), with the present period and zone. */
import type { MouseEvent, ReactNode } from "react";
import { searchOf, useView } from "./view";

export function PromoterLink({ id, children }: { id: string | null; children: ReactNode }) {
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

/** What a promoter is called: those who may see no name see the masked address. */
export function promoterName({ name, email, firstPromoterId }: { name: string | null; email: string | null; firstPromoterId: number }): string {
  return name ?? email ?? `Promoter ${firstPromoterId}`;
}
