/** One promoter, or the list of all, for admins and analysts. */
import { useMemo } from "react";
import { useData } from "../../api/use-data";
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
import { LineagePanel } from "./lineage";
import { PayoutsTable } from "./payouts-table";
import { PromoterFigures } from "./promoter-figures";
import { PROMOTER, PromoterHead } from "./promoter-head";
import { PromoterLink, promoterName } from "../promoter-link";
import { PromoterList } from "./promoter-list";
import { PromotionsTable } from "./promotions-table";

/** `id`: a promoter's, or "all". */
export function PromoterPage({ id, viewer }: { id: string; viewer: Viewer }) {
  if (id === "all") return <PromoterList viewer={viewer} />;
  // Keyed: what one promoter's page holds is not shown on another's, not even while that loads.
  return <AnyPromoter key={id} id={id} viewer={viewer} />;
}

function AnyPromoter({ id, viewer }: { id: string; viewer: Viewer }) {
  const { view } = useView();
  const today = useToday(view.timezone);
  const { data, error, refetch } = useData(PROMOTER, { id });
  const variables = useMemo(() => promoterArguments(view, today, id), [view, today, id]);
  useTitle(data?.promoter ? promoterName(data.promoter) : null);
  if (error && !data && error.code !== "BAD_USER_INPUT") {
    return (
      <div className="dashboard">
        <div className="panel-error" role="alert">
          <p>{error.message}</p>
          <button type="button" onClick={() => void refetch()}>Try again</button>
        </div>
      </div>
    );
  }
  if (!data && !error) return <div className="dashboard"><div className="skeleton" style={{ height: 600 }} role="status" aria-label="Promoter: loading" /></div>;
  if (!data?.promoter) {
    return (
      <div className="dashboard">
        <div className="page-head">
          <h2>No such promoter</h2>
          <p>The address names a promoter whom this server does not know, or who was deleted. <PromoterLink id="all">All promoters</PromoterLink></p>
        </div>
      </div>
    );
  }
  const table = { promoter: id, campaign: view.campaign, timezone: view.timezone, currency: viewer.currency, audience: viewer.role };
  return (
    <div className="dashboard">
      <PromoterHead promoter={data.promoter} timezone={view.timezone} />
      <FilterBar country={false}><LiveStatus role={viewer.role} /></FilterBar>
      <PromoterFigures view={view} variables={variables} viewer={viewer} />
      <OverTime view={view} variables={variables} currency={viewer.currency} />
      <div className="pair">
        <Balances {...table} />
        <OtherUnits variables={variables} />
      </div>
      <PromotionsTable {...table} />
      <LeadsTable {...table} />
      <CommissionsTable {...table} />
      <PayoutsTable {...table} />
      {viewer.role === "ADMIN" && <LineagePanel id={id} />}
    </div>
  );
}
