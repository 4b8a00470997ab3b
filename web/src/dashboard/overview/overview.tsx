/** The programme at a glance. */
import type { DashboardViewerQuery } from "../../generated/graphql";

export function Overview({ viewer }: { viewer: DashboardViewerQuery["viewer"] }) {
  return <h2>{viewer.role}</h2>;
}
