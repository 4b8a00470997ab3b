/** A link to a promoter's page, or to all promoters ("all"), with the present period and zone. */
import type { ReactNode } from "react";
import { ViewLink } from "./view-link";

export function PromoterLink({ id, children }: { id: string; children: ReactNode }) {
  return <ViewLink change={{ promoter: id }}>{children}</ViewLink>;
}

/** What a promoter is called: those who may see no name see the masked address. */
export function promoterName({ name, email, firstPromoterId }: { name: string | null; email: string | null; firstPromoterId: number }): string {
  return name ?? email ?? `Promoter ${firstPromoterId}`;
}
