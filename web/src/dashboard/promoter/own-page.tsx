/** What promoters see of themselves: links to share, figures, people, earnings, payments. In words for a partner. */
import { useMemo } from "react";
import { useToday } from "../calendar";
import { FilterBar } from "../filter-bar";
import { LiveStatus } from "../live-status";
import { OtherUnits } from "../overview/other-units";
import { OverTime } from "../overview/over-time";
import { promoterArguments } from "../report-arguments";
import { useTitle } from "../title";
import { useView } from "../view";
import type { Viewer } from "./audience";
import { Balances } from "./balances";
import { CommissionsTable } from "./commissions-table";
import { LeadsTable } from "./leads-table";
import { PayoutsTable } from "./payouts-table";
import { PromoterFigures } from "./promoter-figures";
import { ShareLinks } from "./share-links";

export function OwnPage({ viewer }: { viewer: Viewer }) {
  if (viewer.promoter) return <PageOf promoter={viewer.promoter} viewer={viewer} />;
  return (
    <div className="dashboard">
      <div className="page-head">
        <h2>Nothing to show yet</h2>
        <p>This server has received nothing about you so far. Your page is here as soon as it has.</p>
        <LiveStatus role={viewer.role} />
      </div>
    </div>
  );
}

function PageOf({ promoter: { id, name, email }, viewer }: { promoter: NonNullable<Viewer["promoter"]>; viewer: Viewer }) {
  const { view } = useView();
  const today = useToday(view.timezone);
  useTitle(name ?? email ?? "Your page");
  // A promoter's token has no other rows; the filter says so in the query that GraphiQL opens.
  const variables = useMemo(() => promoterArguments(view, today, id), [view, today, id]);
  const table = { promoter: id, campaign: view.campaign, timezone: view.timezone, currency: viewer.currency, audience: viewer.role };
  return (
    <div className="dashboard">
      <div className="page-head">
        <h2>{name ?? email ?? "Your page"}</h2>
        {name && email && <p className="quiet">{email}</p>}
      </div>
      <ShareLinks promoter={id} />
      <Balances {...table} />
      <FilterBar country={false}><LiveStatus role={viewer.role} /></FilterBar>
      <PromoterFigures view={view} variables={variables} viewer={viewer} />
      <OverTime view={view} variables={variables} currency={viewer.currency} shown={["referrals", "customers", "earnings"]} />
      <OtherUnits variables={variables} />
      <LeadsTable {...table} />
      <CommissionsTable {...table} />
      <PayoutsTable {...table} />
    </div>
  );
}
