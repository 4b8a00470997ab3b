/** One promoter: to admins and analysts anyone's, to promoters their own. */
import type { DashboardViewerQuery } from "../../generated/graphql";

export function PromoterPage({ id, viewer }: { id: string; viewer: DashboardViewerQuery["viewer"] }) {
  return <h2>{id} {viewer.role}</h2>;
}
