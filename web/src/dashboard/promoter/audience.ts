import type { DashboardViewerQuery } from "../../generated/graphql";

export type Viewer = DashboardViewerQuery["viewer"];

/** What the tables of a promoter's page are told. */
export interface TableProps {
  /** The promoter's id in the API. */
  promoter: string;
  /** The campaign's; null for all. */
  campaign: string | null;
  timezone: string;
  currency: string | null;
  /** Admins see where a row's facts came from; promoters read about themselves. */
  audience: Viewer["role"];
}
